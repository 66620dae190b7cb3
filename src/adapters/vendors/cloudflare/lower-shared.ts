import type { LoweredResource, LoweredValue, Permission } from "../contract.ts";
import { accountId, leaseName, lowerAccount, lowerPaymentToken } from "../lease-resources.ts";
import { object, ref } from "../lowered-values.ts";
import { CLOUDFLARE, type Context, PROVIDER_NAME } from "./lowering.ts";

/** Seconds that the stack's token lives; the broker renews it while a run needs it. */
/** As short as a run can live with, for the broker renews it while the engine works. */
const TOKEN_TTL_SECONDS = 900;

/** Which of the shared resources a stack needs. */
export interface SharedNeeds {
  readonly account: boolean;
  /** Something can cost money. */
  readonly payment: boolean;
  /** Rights of the access token; none, no token and no provider. */
  readonly permissions: readonly Permission[];
  /** Domain resources in whose zones the rights on zones apply. */
  readonly zones: readonly string[];
}

/** The account and what gives access to it; nothing that the stack can do without. */
export function lowerShared({ model }: Context, needs: SharedNeeds): readonly LoweredResource[] {
  const resources: LoweredResource[] = [];
  if (needs.account) resources.push(lowerAccount(model, CLOUDFLARE));
  if (needs.payment) resources.push(lowerPaymentToken(model, CLOUDFLARE));
  if (needs.permissions.length > 0) resources.push(lowerAccessToken(needs), lowerProvider());
  return resources;
}

function lowerAccessToken({ permissions, zones }: SharedNeeds): LoweredResource {
  return {
    name: leaseName(CLOUDFLARE, "access-token"),
    origin: undefined,
    type: "supercargo_access_token",
    args: {
      provider: CLOUDFLARE,
      account: accountId(CLOUDFLARE),
      permissions: permissions.map(({ group, scope }): LoweredValue => object({ group, scope })),
      // By reference: the zone of a domain exists only once the domain does.
      zones: zones.map((domain) => ref(domain, "domain")),
      ttl_seconds: TOKEN_TTL_SECONDS,
    },
  };
}

function lowerProvider(): LoweredResource {
  const token = leaseName(CLOUDFLARE, "access-token");
  return {
    name: PROVIDER_NAME,
    origin: undefined,
    type: "provider_cloudflare",
    args: { api_token: ref(token, "value"), base_url: ref(token, "endpoint") },
  };
}
