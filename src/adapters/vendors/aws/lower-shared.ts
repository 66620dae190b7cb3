import type { Model, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource } from "../contract.ts";
import { accountId, lowerAccount } from "../lease-resources.ts";
import { concat, object } from "../lowered-values.ts";
import { isTable } from "./lower-postgres.ts";
import { AWS, PROVIDER_NAME, REGION } from "./lowering.ts";
import { lowerNetwork } from "./network.ts";

/** What AWS gives each account that an organisation makes, for whoever manages the organisation. */
const ROLE = "OrganizationAccountAccessRole";

/** The provider, before it the account where one is opened, and the network where something needs one. */
export function lowerShared(
  model: Model,
  nodes: readonly ResourceNode[],
  own: readonly LoweredResource[],
  opens: boolean,
): readonly LoweredResource[] {
  if (!own.some(({ provider }) => provider === PROVIDER_NAME)) return [];
  const roleArn = concat("arn:aws:iam::", accountId(AWS), `:role/${ROLE}`);
  const provider: LoweredResource = {
    name: PROVIDER_NAME,
    origin: undefined,
    type: "provider_aws",
    args: { region: REGION, ...(opens && { assume_role: [object({ role_arn: roleArn })] }) },
  };
  return [
    ...(opens ? [lowerAccount(model, AWS)] : []),
    provider,
    ...(nodes.some(isTable) ? lowerNetwork(model) : []),
  ];
}
