import type { SandboxContext } from "../context.ts";
import { describeSubscription } from "./describe-subscription.ts";
import { madeSubscriptions } from "./made-subscriptions.ts";

/** Few, so that whoever lists must turn pages. */
const PAGE_ROWS = 2;

/** `GET /subscriptions`, page by page. */
export function listSubscriptions(
  { store }: SandboxContext,
  { url, managementUrl }: { readonly url: URL; readonly managementUrl: string },
): Response {
  const all = madeSubscriptions(store).filter(({ isSeen }) => isSeen);
  const first = Number(/^\d{1,6}$/.exec(url.searchParams.get("$skiptoken") ?? "")?.[0] ?? 0);
  const after = first + PAGE_ROWS;
  const query = `api-version=${url.searchParams.get("api-version")}&$skiptoken=${after}`;
  return Response.json({
    value: all.slice(first, after).map(describeSubscription),
    ...(after < all.length && { nextLink: `${managementUrl}/subscriptions?${query}` }),
  });
}
