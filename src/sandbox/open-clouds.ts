import { createAws } from "./aws/create-aws.ts";
import { deriveOrganization } from "./aws/derive-organization.ts";
import type { SandboxContext, Surface } from "./context.ts";
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
  const surfaces: readonly Surface[] = [createAws(context, { organization, machineNow })];
  const connection = {
    "aws-organizations": {
      organizationsUrl: `${controlUrl}/aws/organizations`,
      stsUrl: `${controlUrl}/aws/sts`,
      ...{ accessKeyId, secretAccessKey },
    },
  };
  return { surfaces, connection };
}
