import { createAws } from "./aws/create-aws.ts";
import { deriveOrganization } from "./aws/derive-organization.ts";
import { createAzure } from "./azure/create-azure.ts";
import { deriveTenant } from "./azure/derive-tenant.ts";
import type { SandboxContext, Surface } from "./context.ts";
import { createGoogle } from "./google/create-google.ts";
import { openServiceAccount } from "./google/open-service-account.ts";
import type { Keyring } from "./keyring.ts";

/** What a broker needs to make accounts there, by the manifest's word. */
export type CloudConnection = ReturnType<typeof openClouds>["connection"];

/** The clouds' own APIs, as far as an organisation makes accounts by them, and how they are reached. */
export function openClouds(
  context: SandboxContext,
  { keyring, machineNow }: { readonly keyring: Keyring; readonly machineNow: () => number },
) {
  const { controlUrl } = context;
  const organization = deriveOrganization(keyring);
  const { accessKeyId, secretAccessKey } = organization;
  context.keepSecret("aws secret access key", secretAccessKey);
  const account = openServiceAccount(context, keyring);
  const { clientEmail, privateKeyId, privateKey, parent, billingAccount } = account;
  const tenant = deriveTenant(keyring);
  const { tenantId, clientId, clientSecret, billingScope } = tenant;
  context.keepSecret("azure client secret", clientSecret);
  const surfaces: readonly Surface[] = [
    createAws(context, { organization, machineNow }),
    createGoogle(context, { account, machineNow }),
    createAzure(context, tenant),
  ];
  const connection = {
    "aws-organizations": {
      organizationsUrl: `${controlUrl}/aws/organizations`,
      stsUrl: `${controlUrl}/aws/sts`,
      ...{ accessKeyId, secretAccessKey },
    },
    "google-projects": {
      resourceManagerUrl: `${controlUrl}/google/resource-manager`,
      billingUrl: `${controlUrl}/google/billing`,
      tokenUrl: `${controlUrl}/google/token`,
      ...{ clientEmail, privateKeyId, privateKey, parent, billingAccount },
    },
    "azure-subscriptions": {
      loginUrl: `${controlUrl}/azure/login`,
      managementUrl: `${controlUrl}/azure/management`,
      ...{ tenantId, clientId, clientSecret, billingScope },
    },
  };
  return { surfaces, connection };
}
