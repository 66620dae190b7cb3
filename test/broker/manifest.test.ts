import { describe, expect, it } from "vitest";
import type { BrokerRequest, LeaseInputs } from "../../src/broker/protocol.ts";
import { createManifestMatcher } from "../../src/operations/match-manifest.ts";
import { compileText, manifestOf } from "../policy/compile-text.ts";
import { createBench, requests } from "./fakes/bench.ts";

const { lowered } = compileText(
  manifestOf(`  address: { kind: domain, domain: example-shop.com, maxPrice: 12.00 USD }
  orders: { kind: database }
  record: { kind: dns, zone: address, name: www, type: TXT, content: hello }
  mail: { kind: service, service: resend/email, config: { plan: pro } }
  session-key: { kind: secret }`),
  { stack: "local" },
);
const isPlanned = createManifestMatcher(lowered);
const access = (overrides: Partial<LeaseInputs["access-token"]>) =>
  requests.access("acct", { zones: ["example-shop.com"], ...overrides }) as BrokerRequest;
const D1 = { group: "D1 Write", scope: "account" } as const;

describe("over the socket, a run gets what its manifest asks for", () => {
  it.each<[string, BrokerRequest]>([
    ["the account", requests.account() as BrokerRequest],
    ["the payment token", requests.payment("acct", { cap: "100.00 USD" }) as BrokerRequest],
    ["the domain", requests.domain("acct", "pay") as BrokerRequest],
    ["the secret", requests.secret() as BrokerRequest],
    ["the token's rights", access({ permissions: [D1], ttlSeconds: 900 })],
  ])("%s", (_, request) => {
    expect(isPlanned(request)).toBe(true);
  });

  it.each<[string, BrokerRequest]>([
    ["another principal", requests.account({ principal: "mallory@example.com" }) as BrokerRequest],
    ["another cap", requests.payment("acct", { cap: "99.00 USD" }) as BrokerRequest],
    ["another domain", requests.domain("acct", "pay", { domain: "evil.com" }) as BrokerRequest],
    ["a higher price", requests.domain("acct", "pay", { maxPrice: "12.01 USD" }) as BrokerRequest],
    ["renewal", requests.domain("acct", "pay", { autoRenew: true }) as BrokerRequest],
    ["one domain more", requests.domain("acct", "pay", {}, "second") as BrokerRequest],
    ["another service", requests.service("acct", "pay") as BrokerRequest],
    [
      "a right that no resource needs",
      access({ permissions: [{ group: "Account API Tokens Write", scope: "account" }] }),
    ],
    [
      "the right on an account instead of a zone",
      access({ permissions: [{ ...D1, scope: "zone" }] }),
    ],
    ["a token that lives longer", access({ permissions: [D1], ttlSeconds: 3601 })],
    ["a shorter secret", requests.secret(8) as BrokerRequest],
  ])("and not %s", (_, request) => {
    expect(isPlanned(request)).toBe(false);
    expect(isPlanned({ ...request, verb: "update", id: "lease_1" } as BrokerRequest)).toBe(false);
  });

  it("and the broker does not do what is not asked for", async () => {
    const { open, world } = createBench();
    const broker = await open({ isPlanned });
    const caller = {
      ...{ project: "shop", stack: "prod", delegations: [], expiresAt: Number.MAX_SAFE_INTEGER },
      verbs: ["create", "read", "update", "delete"],
    } as const;
    const request = requests.account({ principal: "mallory@example.com" }) as BrokerRequest;
    expect(await broker.handle(request, caller)).toMatchObject({ code: "not_in_manifest" });
    expect(world.calls.size).toBe(0);
  });
});
