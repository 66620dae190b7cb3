import type { Broker } from "../../../src/broker/broker.ts";
import type { BrokerConnection } from "../../../src/broker/connection.ts";
import type {
  BrokerRequest,
  LeaseInputs,
  LeaseKind,
  LeaseOutputs,
} from "../../../src/broker/protocol.ts";
import type { Limits } from "../../../src/compiler/1-manifest/guardrails.ts";

export const dollars = (minor: number | bigint) => ({ currency: "USD", minor: BigInt(minor) });

export const LIMITS: Limits = {
  perProvider: dollars(10_000),
  total: dollars(25_000),
  perRun: dollars(10_000),
  perTransaction: dollars(5_000),
  categories: { domains: dollars(4_000) },
  counts: { domains: 2, accounts: 5, tokens: 20 },
  alerts: [50, 80, 90, 100],
};

export const CONNECTION: BrokerConnection = {
  orchestrators: {},
  providers: {
    cloudflare: { url: "https://provider.example", sellerProfile: "profile_cloudflare" },
  },
};

export const identity = (resource: string) => ({ project: "shop", stack: "prod", resource });

/** Requests of one small stack. Ids of earlier answers are passed in, as Pulumi would. */
export const requests = {
  account: (overrides: Partial<LeaseInputs["account"]> = {}) =>
    create("account", "cloudflare.account", {
      provider: "cloudflare",
      orchestrators: ["stripe"],
      principal: "founder@example.com",
      agent: "build-bot",
      ...overrides,
    }),
  payment: (account: string, overrides: Partial<LeaseInputs["payment-token"]> = {}) =>
    create("payment-token", "cloudflare.payment-token", {
      provider: "cloudflare",
      account,
      issuers: ["stripe"],
      cap: "60.00 USD",
      ...overrides,
    }),
  access: (account: string, overrides: Partial<LeaseInputs["access-token"]> = {}) =>
    create("access-token", "cloudflare.access-token", {
      provider: "cloudflare",
      account,
      permissions: [{ group: "D1 Write", scope: "account" }],
      zones: [],
      ttlSeconds: 3600,
      ...overrides,
    }),
  domain: (
    account: string,
    paymentToken: string,
    overrides: Partial<LeaseInputs["domain"]> = {},
    resource = "address",
  ) =>
    create("domain", resource, {
      provider: "cloudflare",
      account,
      paymentToken,
      domain: "example-shop.com",
      years: 1,
      maxPrice: "12.00 USD",
      autoRenew: false,
      ...overrides,
    }),
  service: (
    account: string,
    paymentToken: string,
    overrides: Partial<LeaseInputs["service-instance"]> = {},
    resource = "mail",
  ) =>
    create("service-instance", resource, {
      provider: "cloudflare",
      account,
      paymentToken,
      service: "cloudflare/r2:bucket",
      config: { name: "media" },
      ...overrides,
    }),
  secret: (bytes = 32) => create("secret", "session-key", { bytes }),
};

type Create<K extends LeaseKind> = Extract<BrokerRequest<K>, { readonly verb: "create" }>;

function create<K extends LeaseKind>(kind: K, resource: string, inputs: LeaseInputs[K]): Create<K> {
  return { verb: "create", kind, identity: identity(resource), inputs };
}

/** Sends a create and expects it to be granted. */
export async function grant<K extends LeaseKind>(
  broker: Broker,
  request: Create<K>,
): Promise<{ readonly id: string; readonly outputs: LeaseOutputs[K] }> {
  const answer = await broker.handle(request as unknown as BrokerRequest);
  if (!answer.ok || "gone" in answer)
    throw new Error(`not granted: ${"code" in answer ? answer.code : "gone"}`);
  return { id: answer.id, outputs: answer.outputs as LeaseOutputs[K] };
}
