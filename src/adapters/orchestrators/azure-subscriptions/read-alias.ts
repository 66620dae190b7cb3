import { memberAt, textAt } from "../../../util/json-access.ts";

/** How a request to make a subscription stands. */
export type AliasState =
  | { readonly kind: "made"; readonly subscriptionId: string }
  | { readonly kind: "under-way" | "failed" | "mismatch" | "malformed" };

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `mismatch`: it is paid from elsewhere, so it is none of ours. */
export function readAlias(body: unknown, billingScope: string): AliasState {
  const properties = memberAt(body, "properties");
  const scope = textAt(properties, ["billingScope"]);
  if (scope !== undefined && scope.toLowerCase() !== billingScope.toLowerCase())
    return { kind: "mismatch" };
  const id = textAt(properties, ["subscriptionId"], ID);
  switch (textAt(properties, ["provisioningState"])) {
    case "Succeeded":
      return id === undefined
        ? { kind: "malformed" }
        : { kind: "made", subscriptionId: id.toLowerCase() };
    case "Accepted":
      return { kind: "under-way" };
    case "Failed":
      return { kind: "failed" };
    default:
      return { kind: "malformed" };
  }
}
