import { describe, expect, it } from "vitest";
import { NEON_CAPABILITIES } from "../../src/adapters/orchestrators/claimable/capabilities.ts";
import { createClaimable } from "../../src/adapters/orchestrators/claimable/client.ts";
import claimable from "../../src/adapters/orchestrators/claimable/index.ts";
import { createNeonVendor } from "../../src/adapters/orchestrators/claimable/neon.ts";
import { readNeonFailure } from "../../src/adapters/orchestrators/claimable/neon-api.ts";
import { createPrismaVendor } from "../../src/adapters/orchestrators/claimable/prisma.ts";
import { createStripeSandboxVendor } from "../../src/adapters/orchestrators/claimable/stripe-sandbox.ts";
import type { ClaimableVendor } from "../../src/adapters/orchestrators/claimable/vendor.ts";
import { requestOnce } from "../../src/adapters/orchestrators/request-once.ts";
import type { runCli } from "../../src/adapters/orchestrators/run-cli.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { Secret } from "../../src/util/secret.ts";
import { createMemoryVault } from "./memory-vault.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { startHarness } from "./sandbox-harness.ts";

const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const refused: Fetch = async () => {
  throw Object.assign(new Error("nobody listens"), { code: "ECONNREFUSED" });
};

/** The vendors' side: what was made, and the next answers that get lost. */
function createVendors() {
  const made: string[] = [];
  const byKey = new Map<string, unknown>();
  let losses = 0;
  const lost = <T>(answer: T): T => {
    if (losses === 0) return answer;
    losses -= 1;
    throw new Error("the connection broke");
  };
  const answer: Fetch = async (url, init) => {
    const { pathname } = new URL(url);
    const json = (body: unknown, status = 200) => lost(Response.json(body, { status }));
    if (pathname === "/v1/agent/identity") {
      const id = `quiet-fog-${made.push("neon")}`;
      const project = { id, branch_id: "br-1", expires_at: later(72) };
      return json({ registration_id: "reg_1", identity_assertion: `assertion-${id}`, project });
    }
    const key = (init.headers as Readonly<Record<string, string>>)["Idempotency-Key"];
    if (pathname.startsWith("/v2/core/claimable_sandboxes") && init.method === "POST") {
      const known = byKey.get(key ?? "");
      if (known !== undefined) return json(known);
      const id = `clsb_${made.push("stripe")}`;
      const body = {
        ...{ id, status: "unclaimed", expires_at: later(60 * 24) },
        sandbox_details: { api_keys: { secret: `sk_test_${id}`, publishable: `pk_test_${id}` } },
        onboarding_link_details: { url: `https://dashboard.stripe.example/claim/${id}` },
      };
      byKey.set(key ?? "", body);
      return json(body);
    }
    return json({ error: { code: "not_found" } }, 404);
  };
  const run: typeof runCli = async (_, [...args]) => {
    if (args[0] === "--version") return { kind: "exit", status: 0, stdout: "1.2.0" };
    const id = made.push("prisma");
    const stdout = JSON.stringify({
      connectionString: `postgresql://user:secret@db.example:5432/db${id}`,
      claimUrl: `https://create-db.example/claim?project=${id}`,
      deletionDate: later(24),
    });
    try {
      return lost({ kind: "exit", status: 0, stdout } as const);
    } catch {
      return { kind: "failure", failure: "timeout" };
    }
  };
  return { made, answer, run, lose: () => (losses += 1) };
}

type Vendors = ReturnType<typeof createVendors>;
const MAKERS: Readonly<
  Record<string, (vendors: Vendors, isReachable: boolean) => ClaimableVendor>
> = {
  neon: ({ answer }, isReachable) =>
    createNeonVendor({
      fetch: isReachable ? answer : refused,
      url: "https://neon.example",
      now: Date.now,
    }),
  stripe: ({ answer }, isReachable) =>
    createStripeSandboxVendor({
      fetch: isReachable ? answer : refused,
      secretKey: new Secret("sk_test_app"),
      refreshUrl: "https://supercargo.example/again",
      now: Date.now,
    }),
  prisma: ({ run }, isReachable) =>
    createPrismaVendor({
      ...{ program: ["create-db"], folder: "/", env: {}, timeout: 1_000, now: Date.now },
      run: isReachable ? run : async () => ({ kind: "failure", failure: "missing" }),
    }),
};

const SKIPS = {
  "calls it unknown when the answer is lost, and finds one account again": "tried below",
  "calls it unknown when the request is lost, and finds one account again": "tried below",
  "asks for consent where the person has an account already": "there is no person yet",
  "takes a person's no for an answer": "there is no person yet",
  "refreshes credentials; a refresh token is good for one use": "it lives until its deadline",
  "exchanges a code for the account": "there is no code",
};

testOrchestrator(
  "claimable, at neon in the sandbox",
  { capabilities: NEON_CAPABILITIES },
  async () => {
    const harness = await startHarness();
    const { url } = harness.connection.orchestrators.claimable.neon;
    const options = { vault: createMemoryVault(), now: Date.now };
    const open = (fetch: Fetch) =>
      createClaimable(createNeonVendor({ url, fetch, now: Date.now }), options);
    return {
      orchestrator: open(fetch),
      stranger: open(refused),
      free: { service: "postgres", config: {} },
      paid: { service: "postgres", config: {} },
      lose: (_, how) =>
        harness.fault(how === "answer" ? "drop-after" : "status500", "GET", "/v1/projects/"),
      async count(what) {
        const { accounts, inventory } = await harness.books();
        return what === "accounts"
          ? accounts.length
          : inventory.filter(({ isPulled }) => isPulled).length;
      },
      close: () => harness.close(),
    };
  },
  {
    ...SKIPS,
    "gets a paid resource only with a payment token": "nothing is paid for",
    "presents another payment token for a resource that exists, harmlessly again":
      "nothing is paid for",
  },
);

describe("claimable, at neon in the sandbox", () => {
  it("serves the one database and its plan, and nothing else", async () => {
    const harness = await startHarness();
    const { url } = harness.connection.orchestrators.claimable.neon;
    const vendor = createNeonVendor({ url, fetch, now: Date.now });
    const orchestrator = createClaimable(vendor, { vault: createMemoryVault(), now: Date.now });
    const request = { requestId: "areq_1", email: "founder@example.com", name: "shop" };
    const made = await orchestrator.requestAccount({ ...request, expiresAt: later(24) });
    if (made.kind !== "connected") throw new Error(made.kind);
    const { accessToken, accountId } = made.credentials;
    const create = (service: string) =>
      orchestrator.createResource({
        accessToken,
        resourceId: `own-${service}`,
        service,
        config: {},
      });
    expect(await create("launch")).toEqual({ kind: "refused", code: "unsupported", unsent: true });
    expect(await create("free")).toEqual({ kind: "complete", id: `${accountId}.free`, access: {} });
    const database = await create("postgres");
    if (database.kind !== "complete") throw new Error(database.kind);
    expect(Object.keys(database.access)).toEqual([
      ...["connection_string", "host", "user", "password", "database"],
    ]);
    expect(JSON.stringify([made, database])).not.toContain("cnry");
    const link = await orchestrator.makeClaimLink?.({ accessToken });
    if (link?.kind !== "link") throw new Error("no link");
    const body = new URLSearchParams({ email: "founder@example.com" });
    expect((await fetch(link.url.reveal(), { method: "POST", body })).status).toBe(200);
    // It is the person's now: what was handed out before is dead, and no other account is made for it.
    expect(await orchestrator.readResource({ accessToken, id: accountId })).toEqual({
      kind: "absent",
    });
    expect(
      await orchestrator.requestAccount({ ...request, expiresAt: later(24), accountId }),
    ).toEqual({ kind: "refused", code: "claim_expired" });
    expect((await harness.books()).accounts).toMatchObject([{ email: "founder@example.com" }]);
    await harness.close();
  });
});

describe("what Neon says of a credential", () => {
  const say = (status: number, code: string) =>
    readNeonFailure({ kind: "answer", status, body: { error: { code } } }).kind;

  it("is believed by its code, whatever no the status is", () => {
    expect(say(409, "project_claimed")).toBe("gone");
    expect(say(410, "project_expired")).toBe("gone");
    expect(say(409, "busy")).toBe("unknown");
    expect(say(503, "project_expired")).toBe("unknown");
  });
});

describe("a project at Neon that somebody may be claiming", () => {
  // Pressing "Continue" freezes the exchange; whoever does not finish unfreezes it.
  const frozen: Fetch = async (url) => {
    const isExchange = new URL(url).pathname === "/v1/oauth2/token";
    const code = isExchange ? "invalid_grant" : "server_error";
    return Response.json({ error: { code } }, { status: isExchange ? 400 : 500 });
  };

  it("is neither removed nor out of reach before its deadline", async () => {
    let now = Date.now();
    const vendor = createNeonVendor({ url: "https://neon.example", fetch: frozen, now: () => now });
    const accessToken = new Secret(`quiet-fog-1:${now + 1_000}:assertion`);
    const remove = () => vendor.methods?.removeResource({ accessToken, id: "quiet-fog-1" });
    const doubt = { kind: "unknown", code: "not_confirmed" };
    expect(await remove()).toEqual(doubt);
    expect(await vendor.methods?.endSession?.({ accessToken })).toEqual(doubt);
    now += 1_000;
    expect(await remove()).toEqual({ kind: "absent" });
    expect(await vendor.methods?.endSession?.({ accessToken })).toEqual({ kind: "ended" });
  });
});

describe("an account of nobody, asked for at most once", () => {
  const ACCOUNT = { accountId: "acct_1", token: "token-1", expiresAt: later(1) };
  const REFUSED = { kind: "refused", code: "too_many" } as const;

  it("is not forgotten to be in doubt when a repeat is refused", async () => {
    const lifeMs = 30 * 86_400_000;
    let now = Date.now();
    const options = { vault: createMemoryVault(), now: () => now, lifeMs, isRepeatable: true };
    const ask = (answer: Parameters<typeof requestOnce>[2]) =>
      requestOnce(options, "areq_1", answer);
    const lost = { kind: "unknown", code: "timeout" } as const;
    expect((await ask(async () => lost)).kind).toBe("unknown");
    expect(await ask(async () => REFUSED)).toEqual(REFUSED);
    // The key is forgotten by now, so that another request would make another account.
    now += 2 * 86_400_000;
    expect((await ask(() => expect.unreachable())).kind).toBe("unknown");
    now += lifeMs;
    expect((await ask(async () => REFUSED)).kind).toBe("refused");
    const made = await ask(async () => ({ ...ACCOUNT, claimUntil: later(1) }));
    expect(made.kind).toBe("connected");
  });

  it("is not taken for gone where nothing is known of it", async () => {
    const options = { vault: createMemoryVault(), now: Date.now, lifeMs: 1_000, isKnown: true };
    expect(await requestOnce(options, "areq_1", () => expect.unreachable())).toEqual({
      kind: "unknown",
      code: "answer_lost",
    });
  });
});

for (const [name, make] of Object.entries(MAKERS)) {
  if (name !== "neon")
    testOrchestrator(
      `claimable, at ${name}`,
      claimable,
      async () => {
        const vendors = createVendors();
        const options = { vault: createMemoryVault(), now: Date.now };
        return {
          orchestrator: createClaimable(make(vendors, true), options),
          stranger: createClaimable(make(vendors, false), options),
          free: { service: "none", config: {} },
          paid: { service: "none", config: {} },
          lose: async () => undefined,
          count: async () => vendors.made.length,
          close: async () => undefined,
        };
      },
      SKIPS,
    );

  describe(`claimable, at ${name}`, () => {
    it("makes no second one although the answer is lost", async () => {
      const vendors = createVendors();
      let now = Date.now();
      const vendor = make(vendors, true);
      const orchestrator = createClaimable(vendor, { vault: createMemoryVault(), now: () => now });
      const request = {
        ...{ requestId: "areq_1", email: "founder@example.com", name: "shop" },
        expiresAt: later(24),
      };
      vendors.lose();
      expect((await orchestrator.requestAccount(request)).kind).toBe("unknown");
      if (vendor.isRepeatable) {
        expect((await orchestrator.requestAccount(request)).kind).toBe("connected");
        expect(vendors.made).toHaveLength(1);
        return;
      }
      for (let repeat = 0; repeat < 3; repeat++)
        expect((await orchestrator.requestAccount(request)).kind).toBe("unknown");
      expect(vendors.made).toHaveLength(1);
      now += vendor.lifeMs + 1;
      expect((await orchestrator.requestAccount(request)).kind).toBe("connected");
      now += vendor.lifeMs + 1;
      expect(await orchestrator.requestAccount(request)).toEqual({
        kind: "refused",
        code: "claim_expired",
      });
    });
  });
}
