import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AccountRequest, Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import googleProjects from "../../src/adapters/orchestrators/google-projects/index.ts";
import { nameProject } from "../../src/adapters/orchestrators/google-projects/name-project.ts";
import { openOrchestrator } from "../../src/adapters/orchestrators/google-projects/open-orchestrator.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { createMemoryVault } from "./memory-vault.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { type SandboxHarness, startHarness } from "./sandbox-harness.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);
const NOTHING = { service: "none", config: {} };
const PROJECTS = "/google/resource-manager/v3/projects";

function open(
  { connection }: SandboxHarness,
  {
    fetching = realFetch,
    ...part
  }: { readonly fetching?: Fetch; readonly privateKey?: string; readonly parent?: string } = {},
): Orchestrator {
  const opened = openOrchestrator(
    { ...connection.orchestrators["google-projects"], ...part },
    { id: "google-projects", provider: "gcp", providerUrl: "" },
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

function strangersKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

testOrchestrator(
  "google-projects",
  googleProjects,
  async () => {
    const harness = await startHarness();
    const orchestrator = open(harness);
    return {
      ...{ orchestrator, free: NOTHING, paid: NOTHING },
      stranger: open(harness, { privateKey: strangersKey() }),
      count: async () => (await harness.books()).accounts.length,
      async makeAccount(email) {
        const earlier = { ...requestOf(`earlier ${email}`, email), name: "Shop" };
        const made = await orchestrator.requestAccount(earlier);
        if (made.kind !== "connected") throw new Error(made.kind);
        return made.credentials.accountId;
      },
      lose: (_call, how) =>
        harness.fault(how === "answer" ? "status500-after" : "status500", "POST", `${PROJECTS}$`),
      close: harness.close,
    };
  },
  {
    "asks for consent where the person has an account already":
      "the organisation vouches, and nobody is asked",
    "takes a person's no for an answer": "the organisation vouches, and nobody is asked",
    "refreshes credentials; a refresh token is good for one use":
      "a service account's token is not refreshed but minted again",
    "exchanges a code for the account": "only the provisioning protocol has codes of this kind",
  },
);

/** Answers to requests of a method whose path ends like this, as another would have them. */
function alter(
  method: string,
  end: RegExp,
  change: (answer: Response) => Promise<Response> | Response,
): Fetch {
  return async (url, init) => {
    const answer = await realFetch(url, init);
    return init.method === method && end.test(url) ? change(answer) : answer;
  };
}

const refusal = (code: number, status: string) => () =>
  Response.json({ error: { code, status, message: "" } }, { status: code });
const rewrite = (change: (body: string) => string) => async (answer: Response) =>
  new Response(change(await answer.text()), { status: answer.status });
const ONE = /\/v3\/projects\/[a-z0-9-]+$/;
const BILLING = /\/billingInfo$/;

describe("at most one project comes of a request", () => {
  let harness: SandboxHarness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());
  const projects = async () => (await harness.books()).accounts;
  const ask = (orchestrator: Orchestrator) => orchestrator.requestAccount(requestOf("areq_1"));

  const POINTS = ["status500", "drop-after"].flatMap((kind) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((nth) => [kind, nth] as const),
  );
  it.each(POINTS)("whatever call fails (%s at call %i), and it is billed", async (kind, nth) => {
    await harness.fault(kind, undefined, "^/google/", 1, nth);
    const first = await ask(open(harness));
    await harness.endFaults();
    expect(first.kind).toBe("unknown");
    expect((await ask(open(harness))).kind).toBe("connected");
    expect((await ask(open(harness))).kind).toBe("connected");
    expect(await projects()).toHaveLength(1);
  });

  it("when it is asked for twice at the same time", async () => {
    const answers = await Promise.all([ask(open(harness)), ask(open(harness))]);
    expect(answers.map(({ kind }) => kind)).toEqual(["connected", "connected"]);
    expect(await projects()).toHaveLength(1);
  });

  it("and none where the id is somebody else's, nor under another id", async () => {
    const hidden = refusal(403, "PERMISSION_DENIED");
    const taken = alter("POST", /\/v3\/projects$/, refusal(409, "ALREADY_EXISTS"));
    const fetching: Fetch = async (url, init) =>
      init.method === "GET" && ONE.test(url) ? hidden() : taken(url, init);
    for (let repeat = 0; repeat < 2; repeat++)
      expect(await ask(open(harness, { fetching }))).toEqual({
        ...{ kind: "unknown", code: "project_hidden" },
      });
    const calls = (await harness.books()).calls.filter(({ method }) => method === "PUT");
    expect(calls).toEqual([]);
  });

  it.each([
    [
      "another label",
      (body: string) => body.replace('"supercargo-request":"', '"supercargo-request":"0'),
    ],
    ["no label", (body: string) => body.replace("supercargo-request", "other")],
    ["another parent", (body: string) => body.replace("folders/", "organizations/")],
  ])("and one with %s is not taken for it", async (_, change) => {
    const fetching = alter("GET", ONE, rewrite(change));
    expect(await ask(open(harness, { fetching }))).toEqual({
      ...{ kind: "unknown", code: "account_mismatch" },
    });
    expect((await harness.books()).calls.some(({ method }) => method === "PUT")).toBe(false);
  });

  it.each([
    ["DELETE_REQUESTED", { kind: "refused", code: "account_closed" }],
    ["STATE_UNSPECIFIED", { kind: "unknown", code: "account_unclear" }],
    ["DORMANT", { kind: "unknown", code: "account_unclear" }],
  ])("and one that is %s is not entered, and over only where it is deleted", async (state, no) => {
    const made = await ask(open(harness));
    const fetching = alter(
      "GET",
      ONE,
      rewrite((body) => body.replace("ACTIVE", state)),
    );
    expect(await ask(open(harness, { fetching }))).toEqual(no);
    const accountId = made.kind === "connected" ? made.credentials.accountId : "";
    const known = { ...requestOf("areq_1"), accountId };
    expect(await open(harness, { fetching }).requestAccount(known)).toEqual(
      no.kind === "refused" ? { ...no, unsent: true } : no,
    );
    expect(await projects()).toHaveLength(1);
  });

  it("and one that lies elsewhere than where projects are made now is neither entered nor over", async () => {
    const made = await ask(open(harness));
    const accountId = made.kind === "connected" ? made.credentials.accountId : "";
    const moved = open(harness, { parent: "organizations/1" });
    for (const request of [requestOf("areq_1"), { ...requestOf("areq_1"), accountId }])
      expect(await moved.requestAccount(request)).toEqual({
        ...{ kind: "unknown", code: "account_mismatch" },
      });
    expect(await projects()).toHaveLength(1);
  });

  it("and what an operation says in the end is believed", async () => {
    const failed = (code: number) =>
      alter(
        "GET",
        /\/operations\//,
        rewrite(() => JSON.stringify({ done: true, error: { code } })),
      );
    const answer = (code: number) => ask(open(harness, { fetching: failed(code) }));
    expect(await answer(8)).toEqual({ kind: "refused", code: "resource_exhausted" });
    expect((await answer(13)).kind).toBe("connected");
    expect(await projects()).toHaveLength(1);
  });
});

describe("a project's bill", () => {
  let harness: SandboxHarness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());
  const ask = (fetching?: Fetch) =>
    open(harness, fetching && { fetching }).requestAccount(requestOf("areq_1"));

  it("goes to the billing account before the project counts as opened", async () => {
    const unbilled = alter(
      "GET",
      BILLING,
      rewrite((body) => body.replace("true", "false")),
    );
    expect(await ask(unbilled)).toEqual({ kind: "unknown", code: "billing_not_linked" });
    const refused = alter("PUT", BILLING, refusal(400, "FAILED_PRECONDITION"));
    expect((await ask(refused)).kind).toBe("connected");
  });

  it("is unknown, and no refusal, where it can't be linked: there is a project", async () => {
    const fetching: Fetch = (url, init) =>
      init.method === "PUT"
        ? Promise.resolve(refusal(403, "PERMISSION_DENIED")())
        : realFetch(url, init);
    expect(await ask(fetching)).toEqual({ kind: "unknown", code: "unauthorized" });
    expect((await harness.books()).accounts).toHaveLength(1);
    expect((await ask()).kind).toBe("connected");
  });

  it("is left where somebody sent it, and never linked again for a known project", async () => {
    const elsewhere = rewrite((body) =>
      body.replace(/"billingAccountName":"[^"]*"/, '"billingAccountName":"billingAccounts/0"'),
    );
    expect(await ask(alter("GET", BILLING, elsewhere))).toEqual({
      ...{ kind: "unknown", code: "billing_elsewhere" },
    });
    const made = await ask();
    const accountId = made.kind === "connected" ? made.credentials.accountId : "";
    const none = alter(
      "GET",
      BILLING,
      rewrite(() => '{"billingAccountName":""}'),
    );
    const before = (await harness.books()).calls.find(({ method }) => method === "PUT");
    const again = open(harness, { fetching: none });
    expect(await again.requestAccount({ ...requestOf("areq_1"), accountId })).toEqual({
      ...{ kind: "refused", code: "billing_not_linked", unsent: true },
    });
    expect((await harness.books()).calls.find(({ method }) => method === "PUT")).toEqual(before);
  });
});

describe("google-projects", () => {
  let harness: SandboxHarness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  it("hands on a token that may nothing but say whose it is, for an hour, and prints none of it", async () => {
    const answer = await open(harness).requestAccount(requestOf("areq_1"));
    if (answer.kind !== "connected") throw new Error(answer.kind);
    const { accessToken, accountId, expiresAt } = answer.credentials;
    expect(JSON.stringify(answer)).not.toContain(accessToken.reveal());
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000);
    const url = `${harness.connection.controlUrl}${PROJECTS}/${accountId}`;
    const seen = await fetch(url, { headers: { authorization: `Bearer ${accessToken.reveal()}` } });
    expect(seen.status).toBe(403);
    const { accessTokens } = await harness.books();
    expect(accessTokens.at(-1)?.permissions).toEqual([
      "https://www.googleapis.com/auth/userinfo.email",
    ]);
  });

  it("opens what was opened before, and nothing else, for a known project", async () => {
    const orchestrator = open(harness);
    const known = (accountId: string) => ({ ...requestOf("areq_1"), accountId });
    expect(await orchestrator.requestAccount(known("not-there"))).toEqual({
      ...{ kind: "refused", code: "account_hidden", unsent: true },
    });
    expect((await harness.books()).accounts).toEqual([]);
    const made = await orchestrator.requestAccount(requestOf("areq_1"));
    const accountId = made.kind === "connected" ? made.credentials.accountId : "";
    expect(await orchestrator.requestAccount(known(accountId))).toMatchObject({
      ...{ kind: "connected", credentials: { accountId } },
    });
  });

  it("links to the only project of its labels, and guesses none", async () => {
    const orchestrator = open(harness);
    const link = () => orchestrator.requestAccount({ ...requestOf("areq_9"), mode: "link" });
    await orchestrator.requestAccount(requestOf("areq_0", "other@example.com"));
    expect(await link()).toEqual({ kind: "refused", code: "account_not_found" });
    const made = await orchestrator.requestAccount(requestOf("areq_1"));
    expect(await link()).toMatchObject({ kind: "connected" });
    expect(made.kind).toBe("connected");
    await orchestrator.requestAccount(requestOf("areq_2"));
    expect(await link()).toMatchObject({ kind: "refused", code: "account_ambiguous" });
    expect((await harness.books()).accounts).toHaveLength(3);
  });

  it("reads its own part of the connection, for Google Cloud alone", () => {
    const part = harness.connection.orchestrators["google-projects"];
    const services = { fetch: realFetch, now: Date.now, sleep: async () => undefined };
    const read = (given: object, provider = "gcp") =>
      openOrchestrator(
        given,
        { id: "google-projects", provider, providerUrl: "" },
        { ...services, vault: createMemoryVault() },
      );
    expect(read(part)).toBeDefined();
    expect(read(part, "cloudflare")).toBeUndefined();
    const { privateKey: ed } = generateKeyPairSync("ed25519");
    for (const wrong of [
      { tokenUrl: "http://oauth2.example/token" },
      { privateKey: "-----BEGIN PRIVATE KEY-----" },
      { privateKey: ed.export({ type: "pkcs8", format: "pem" }).toString() },
      { parent: "folders/../1" },
      { parent: "projects/1" },
      { billingAccount: "012345-6789AB-CDEF01" },
      { scopes: [] },
    ])
      expect(read({ ...part, ...wrong }), JSON.stringify(wrong)).toBeUndefined();
  });
});

describe("a project's id", () => {
  const name = (request: Partial<AccountRequest>) =>
    nameProject({ ...requestOf("areq_1"), ...request });

  it("is the request's own, the same each time, and one that Google takes", () => {
    expect(name({})).toEqual(name({}));
    const all = [{}, { requestId: "areq_2" }, { email: "other@example.com" }].map(
      (request) => name(request).projectId,
    );
    expect(new Set(all).size).toBe(3);
    for (const text of [
      "shop",
      "Ünder Construction",
      "my-google-app",
      "ssl",
      "a",
      "9lives",
      "a-".repeat(31),
    ]) {
      const { projectId, displayName, labels } = name({ name: text });
      expect(projectId, text).toMatch(/^(?!.*(google|ssl))[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
      expect(displayName, text).toMatch(/^[A-Za-z0-9 -]{4,30}$/);
      for (const value of Object.values(labels)) expect(value, text).toMatch(/^[a-z0-9_-]{1,63}$/);
    }
  });
});
