import type { Model } from "../../compiler/2-model/model.ts";
import type { Vendor } from "./contract.ts";

/** Whether a manifest's stack has an account of its own at a vendor, opened by the broker. */
export function opensAccounts(
  { hasAccounts, accountsBy = [] }: Pick<Vendor, "hasAccounts" | "accountsBy">,
  { orchestrators }: Pick<Model, "orchestrators">,
): boolean {
  return hasAccounts || orchestrators.some((word) => accountsBy.includes(word));
}
