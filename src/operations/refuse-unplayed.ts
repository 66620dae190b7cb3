import type { Lowered } from "../adapters/vendors/contract.ts";
import { findVendor } from "../adapters/vendors/find-vendor.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** Says no to a stack with resources at a provider that the sandbox does not play, before anything of it is made: they can be previewed only. */
export function refuseUnplayed(lowered: readonly Lowered[]): Refusal | undefined {
  const [found] = lowered.flatMap(({ provider }) => {
    const { title, onlyPreviewed } = findVendor(provider);
    return onlyPreviewed === undefined ? [] : [{ provider, title, reason: onlyPreviewed }];
  });
  if (found === undefined) return undefined;
  const { provider, title, reason } = found;
  return refuse({
    kind: "refused",
    code: "only-previewed",
    message: `nothing was changed: resources at ${title} can only be previewed here, because ${reason}`,
    remedy: "Place them on `cloudflare`, `container` or `netlify` to run them on the sandbox.",
    details: { provider },
  });
}
