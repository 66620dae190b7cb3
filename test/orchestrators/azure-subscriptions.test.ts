import { afterEach, beforeEach, describe, expect, it } from "vitest";
import azureSubscriptions from "../../src/adapters/orchestrators/azure-subscriptions/index.ts";
import { nameSubscription } from "../../src/adapters/orchestrators/azure-subscriptions/name-subscription.ts";
import { openOrchestrator } from "../../src/adapters/orchestrators/azure-subscriptions/open-orchestrator.ts";
import type { AccountRequest, Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { createMemoryVault } from "./memory-vault.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { type SandboxHarness, startHarness } from "./sandbox-harness.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);
const NOTHING = { service: "none", config: {} };
const ALIASES = "/aliases/";

function open(
  { connection }: SandboxHarness,
  {
    fetching = realFetch,
    ...part
  }: { readonly fetching?: Fetch; readonly clientSecret?: string } = {},
): Orchestrator {
  const opened = openOrchestrator(
    { ...connection.orchestrators["azure-subscriptions"], ...part },
    { id: "azure-subscriptions", provider: "azure", providerUrl: "" },
    {
      ...{ fetch: fetching, now: Date.now, sleep: async () => undefined },
      vault: createMemoryVault(),
    },
  );
  if (opened === undefined) throw new Error("the sandbox's part was not read");
  return opened;
}

function requestOf(requestId: string, email = "founder@example.com"): AccountRequest {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { requestId, email, name: "shop", expiresAt };
}

testOrchestrator(
  "azure-subscriptions",
  azureSubscriptions,
  async () => {
    const harness = await startHarness();
    const orchestrator = open(harness);
    return {
      ...{ orchestrator, free: NOTHING, paid: NOTHING },
      stranger: open(harness, { clientSecret: "worth-nothing-at-all" }),
      count: async () => (await harness.books()).accounts.length,
      async makeAccount(email) {
        const earlier = { ...requestOf(`earlier ${email}`, email), name: "Shop" };
        const made = await orchestrator.requestAccount(earlier);
        if (made.kind !== "connected") throw new Error(made.kind);
        return made.credentials.accountId;
      },
      lose: (_call, how) =>
        harness.fault(how === "answer" ? "status500-after" : "status500", "PUT", ALIASES),
      close: harness.close,
    };
  },
  {
    "asks for consent where the person has an account already":
      "the organisation vouches, and nobody is asked",
    "takes a person's no for an answer": "the organisation vouches, and nobody is asked",
    "refreshes credentials; a refresh token is good for one use": "nothing is handed on that ends",
    "exchanges a code for the account": "only the provisioning protocol has codes of this kind",
  },
);

/** Answers to requests of a method whose path holds this, as another would have them. */
function alter(method: string, part: RegExp, change: (body: string) => string): Fetch {
  return async (url, init) => {
    const answer = await realFetch(url, init);
    if (init.method !== method || !part.test(url)) return answer;
    return new Response(change(await answer.text()), { status: answer.status });
  };
}

const ALIAS = /\/aliases\//;
const ONE = /\/subscriptions\/[0-9a-f-]{36}\?/;

describe("at most one subscription comes of a request", () => {
  let harness: SandboxHarness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());
  const subscriptions = async () => (await harness.books()).accounts;
  const ask = (orchestrator: Orchestrator) => orchestrator.requestAccount(requestOf("areq_1"));

  const POINTS = ["status500", "drop-after"].flatMap((kind) =>
    [1, 2, 3, 4, 5, 6, 7].map((nth) => [kind, nth] as const),
  );
  it.each(POINTS)("whatever call fails (%s at call %i)", async (kind, nth) => {
    await harness.fault(kind, undefined, "^/azure/", 1, nth);
    const first = await ask(open(harness));
    await harness.endFaults();
    expect(first.kind).toBe("unknown");
    const second = await ask(open(harness));
    expect(second.kind).toBe("connected");
    expect(await ask(open(harness))).toEqual(expect.objectContaining({ kind: "connected" }));
    expect(await subscriptions()).toHaveLength(1);
  });

  it("when it is asked for twice at the same time", async () => {
    const answers = await Promise.all([ask(open(harness)), ask(open(harness))]);
    expect(answers.map(({ kind }) => kind)).toEqual(["connected", "connected"]);
    expect(await subscriptions()).toHaveLength(1);
  });

  it("and one that is paid from elsewhere is not taken for it", async () => {
    const fetching = alter("GET", ALIAS, (body) => body.replace("PLAY-0002", "PLAY-0003"));
    expect(await ask(open(harness, { fetching }))).toEqual({
      ...{ kind: "unknown", code: "account_mismatch" },
    });
  });

  it("and one that nobody may see does not count as opened", async () => {
    const hidden: Fetch = async (url, init) =>
      ONE.test(url)
        ? Response.json({ error: { code: "AuthorizationFailed" } }, { status: 403 })
        : realFetch(url, init);
    expect(await ask(open(harness, { fetching: hidden }))).toEqual({
      ...{ kind: "unknown", code: "subscription_hidden" },
    });
    expect((await ask(open(harness))).kind).toBe("connected");
    expect(await subscriptions()).toHaveLength(1);
  });

  it.each(["Enabled", "PastDue", "Warned", "Disabled", "Deleted", "Dormant", "constructor"])(
    "and one that is %s is entered only where it can be used, and over only where it is deleted",
    async (state) => {
      const isUsable = ["Enabled", "PastDue", "Warned"].includes(state);
      const made = await ask(open(harness));
      const fetching = alter("GET", ONE, (body) => body.replace("Enabled", state));
      const closed = { kind: "refused", code: "account_closed" };
      const doubt = { kind: "unknown", code: "account_unclear" };
      const no = state === "Deleted" ? closed : doubt;
      const first = await ask(open(harness, { fetching }));
      const accountId = made.kind === "connected" ? made.credentials.accountId : "";
      const known = { ...requestOf("areq_1"), accountId };
      const again = await open(harness, { fetching }).requestAccount(known);
      if (isUsable) for (const answer of [first, again]) expect(answer.kind).toBe("connected");
      else expect([first, again]).toEqual([no, no === closed ? { ...no, unsent: true } : no]);
      expect(await subscriptions()).toHaveLength(1);
    },
  );

  it("and what Azure says in the end is believed", async () => {
    const fetching = alter("GET", ALIAS, (body) => body.replace(/Accepted|Succeeded/, "Failed"));
    expect(await ask(open(harness, { fetching }))).toEqual({
      ...{ kind: "refused", code: "provisioning_failed" },
    });
    const slow = alter("GET", ALIAS, (body) => body.replace("Succeeded", "Accepted"));
    expect(await ask(open(harness, { fetching: slow }))).toEqual({
      ...{ kind: "unknown", code: "under_way" },
    });
  });
});

describe("azure-subscriptions", () => {
  let harness: SandboxHarness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  it("hands on no credential at all", async () => {
    const answer = await open(harness).requestAccount(requestOf("areq_1"));
    if (answer.kind !== "connected") throw new Error(answer.kind);
    const { accessToken, accountId, refreshToken } = answer.credentials;
    const { tenantId } = harness.connection.orchestrators["azure-subscriptions"];
    expect(JSON.parse(accessToken.reveal())).toEqual({ tenantId, subscriptionId: accountId });
    expect(refreshToken).toBeUndefined();
  });

  it("opens what was opened before, and nothing else, for a known subscription", async () => {
    const orchestrator = open(harness);
    const known = (accountId: string) => ({ ...requestOf("areq_1"), accountId });
    expect(
      await orchestrator.requestAccount(known("00000000-0000-4000-8000-000000000000")),
    ).toEqual({ kind: "refused", code: "account_hidden", unsent: true });
    expect((await harness.books()).accounts).toEqual([]);
    const made = await orchestrator.requestAccount(requestOf("areq_1"));
    const accountId = made.kind === "connected" ? made.credentials.accountId : "";
    expect(await orchestrator.requestAccount(known(accountId))).toMatchObject({
      ...{ kind: "connected", credentials: { accountId } },
    });
  });

  it("links to the only subscription of its tags, on whatever page, and guesses none", async () => {
    const orchestrator = open(harness);
    const link = () => orchestrator.requestAccount({ ...requestOf("areq_9"), mode: "link" });
    for (const one of ["a", "b", "c", "d"])
      await orchestrator.requestAccount(requestOf("areq_0", `${one}@example.com`));
    expect(await link()).toEqual({ kind: "refused", code: "account_not_found" });
    await orchestrator.requestAccount(requestOf("areq_1"));
    expect(await link()).toMatchObject({ kind: "connected" });
    await orchestrator.requestAccount(requestOf("areq_2"));
    expect(await link()).toMatchObject({ kind: "refused", code: "account_ambiguous" });
    expect((await harness.books()).accounts).toHaveLength(6);
  });

  it("links to a subscription whose bill is due", async () => {
    const fetching = alter("GET", /\/subscriptions/, (body) => body.replace("Enabled", "PastDue"));
    await open(harness).requestAccount(requestOf("areq_1"));
    const request = { ...requestOf("areq_9"), mode: "link" as const };
    expect((await open(harness, { fetching }).requestAccount(request)).kind).toBe("connected");
  });

  it("sends its token to no other host, wherever a page says that the next one is", async () => {
    const orchestrator = open(harness);
    for (const one of ["a", "b", "c"])
      await orchestrator.requestAccount(requestOf("areq_0", `${one}@example.com`));
    const asked: string[] = [];
    const away = alter("GET", /\/subscriptions\?/, (body) =>
      body.replace(/"nextLink":"[^"]*"/, '"nextLink":"http://127.0.0.1:9/subscriptions?x=1"'),
    );
    const fetching: Fetch = (url, init) => {
      asked.push(url);
      return away(url, init);
    };
    const request = { ...requestOf("areq_9"), mode: "link" as const };
    expect(await open(harness, { fetching }).requestAccount(request)).toEqual({
      ...{ kind: "unknown", code: "malformed" },
    });
    expect(asked.filter((url) => !url.startsWith(harness.connection.controlUrl))).toEqual([]);
  });

  it("reads its own part of the connection, for Azure alone", () => {
    const part = harness.connection.orchestrators["azure-subscriptions"];
    const services = { fetch: realFetch, now: Date.now, sleep: async () => undefined };
    const read = (given: object, provider = "azure") =>
      openOrchestrator(
        given,
        { id: "azure-subscriptions", provider, providerUrl: "" },
        { ...services, vault: createMemoryVault() },
      );
    const managementGroupId = "/providers/Microsoft.Management/managementGroups/stacks";
    expect(read(part)).toBeDefined();
    expect(read({ ...part, managementGroupId })).toBeDefined();
    expect(read(part, "cloudflare")).toBeUndefined();
    for (const wrong of [
      { loginUrl: "http://login.example" },
      { tenantId: "../common" },
      { clientSecret: "short" },
      { billingScope: "/subscriptions/1" },
      { managementGroupId: "stacks" },
      { workload: "DevTest" },
    ])
      expect(read({ ...part, ...wrong }), JSON.stringify(wrong)).toBeUndefined();
  });
});

describe("a subscription's alias", () => {
  it("is the request's own, the same each time", () => {
    const name = (request: Partial<AccountRequest>) =>
      nameSubscription({ ...requestOf("areq_1"), ...request });
    expect(name({})).toEqual(name({}));
    const all = [{}, { requestId: "areq_2" }, { email: "other@example.com" }].map(
      (request) => name(request).alias,
    );
    expect(new Set(all).size).toBe(3);
    for (const alias of all) expect(alias).toMatch(/^supercargo-[0-9a-f]{40}$/);
    expect(name({ name: `ü${"x".repeat(80)}` }).displayName).toMatch(/^x{55}-[0-9a-f]{8}$/);
  });
});
