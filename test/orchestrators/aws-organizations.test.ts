import { afterEach, beforeEach, describe, expect, it } from "vitest";
import awsOrganizations from "../../src/adapters/orchestrators/aws-organizations/index.ts";
import { nameAccount } from "../../src/adapters/orchestrators/aws-organizations/name-account.ts";
import { openOrchestrator } from "../../src/adapters/orchestrators/aws-organizations/open-orchestrator.ts";
import type { AccountRequest, Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import type { AdapterVault } from "../../src/adapters/orchestrators/vault.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { createMemoryVault } from "./memory-vault.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { type SandboxHarness, startHarness } from "./sandbox-harness.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);
const NOTHING = { service: "none", config: {} };
const ORGANIZATIONS = "^/aws/organizations/$";
/** What is asked before an account is: what is under way, and what there is (one page of them). */
const LOOKS = 2;

function open(
  { connection }: SandboxHarness,
  {
    vault = createMemoryVault(),
    fetching = realFetch,
    ...part
  }: {
    readonly vault?: AdapterVault;
    readonly fetching?: Fetch;
    readonly secretAccessKey?: string;
    readonly rootEmail?: string;
  } = {},
): Orchestrator {
  const { url = "" } = connection.providers.aws ?? {};
  const opened = openOrchestrator(
    { ...connection.orchestrators["aws-organizations"], ...part },
    { id: "aws-organizations", provider: "aws", providerUrl: url },
    { fetch: fetching, now: Date.now, sleep: async () => undefined, vault },
  );
  if (opened === undefined) throw new Error("the sandbox's part was not read");
  return opened;
}

function requestOf(requestId: string, email = "founder@example.com"): AccountRequest {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { requestId, email, name: "shop", expiresAt };
}

testOrchestrator(
  "aws-organizations",
  awsOrganizations,
  async () => {
    const harness = await startHarness();
    const orchestrator = open(harness);
    const count = async () => (await harness.books()).accounts.length;
    return {
      ...{ orchestrator, free: NOTHING, paid: NOTHING, count },
      stranger: open(harness, { secretAccessKey: "worth-nothing-at-all" }),
      async makeAccount(email) {
        const made = await orchestrator.requestAccount({
          ...requestOf(`earlier ${email}`, email),
          name: "Shop",
        });
        if (made.kind !== "connected") throw new Error(made.kind);
        return made.credentials.accountId;
      },
      async lose(_call, how) {
        // Each page of the accounts is a call of its own.
        const pages = Math.floor((await count()) / 4) + 1;
        const kind = how === "answer" ? "status500-after" : "status500";
        await harness.fault(kind, "POST", ORGANIZATIONS, 1, LOOKS + pages);
      },
      close: harness.close,
    };
  },
  {
    "asks for consent where the person has an account already":
      "the organisation vouches, and nobody is asked",
    "takes a person's no for an answer": "the organisation vouches, and nobody is asked",
    "refreshes credentials; a refresh token is good for one use":
      "a role's session is not refreshed but taken on again",
    "exchanges a code for the account": "only the provisioning protocol has codes of this kind",
  },
);

/** Answers of one action as another would have them. */
function alter(action: string, change: (body: string) => string): Fetch {
  return async (url, init) => {
    const response = await realFetch(url, init);
    const target = new Headers(init.headers).get("x-amz-target") ?? "";
    if (!target.endsWith(`.${action}`)) return response;
    return new Response(change(await response.text()), { status: response.status });
  };
}

describe("at most one account comes of a request", () => {
  let harness: SandboxHarness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());
  const accounts = async () => (await harness.books()).accounts;
  const ask = (orchestrator: Orchestrator) => orchestrator.requestAccount(requestOf("areq_1"));

  const POINTS = ["status500", "drop-after"].flatMap((kind) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((nth) => [kind, nth] as const),
  );
  it.each(POINTS)(
    "whatever call fails (%s at call %i), with or without what was kept",
    async (kind, nth) => {
      const vault = createMemoryVault();
      for (const kept of [vault, createMemoryVault()]) {
        await harness.fault(kind, "POST", "^/aws/", 1, nth);
        const first = await ask(open(harness, { vault: kept }));
        await harness.endFaults();
        expect((await accounts()).length).toBeLessThan(2);
        if (first.kind === "connected") continue;
        expect(first.kind === "unknown" || ("unsent" in first && first.unsent)).toBe(true);
        expect((await ask(open(harness, { vault: kept }))).kind).toBe("connected");
      }
      expect(await accounts()).toHaveLength(1);
    },
  );

  it("when it is asked for twice at the same time", async () => {
    const answers = await Promise.all([ask(open(harness)), ask(open(harness))]);
    expect(answers.map(({ kind }) => kind)).toContain("connected");
    for (const { kind } of answers) expect(["connected", "unknown"]).toContain(kind);
    expect((await ask(open(harness))).kind).toBe("connected");
    expect(await accounts()).toHaveLength(1);
  });

  it("and it is found by the kept id where AWS is slow to list it", async () => {
    const vault = createMemoryVault();
    const blind = alter("ListAccounts", () => '{"Accounts":[]}');
    await harness.fault("status500", "POST", "^/aws/", 1, 4);
    expect(await ask(open(harness, { vault, fetching: blind }))).toMatchObject({ kind: "unknown" });
    expect((await ask(open(harness, { vault, fetching: blind }))).kind).toBe("connected");
    expect(await accounts()).toHaveLength(1);
  });

  it("although its mailbox is another one meanwhile", async () => {
    await ask(open(harness));
    const moved = await ask(open(harness, { rootEmail: "aws@corp.example" }));
    expect(moved.kind).toBe("connected");
    expect(await accounts()).toHaveLength(1);
  });

  it("and it is found by its address where AWS has forgotten the kept id", async () => {
    const vault = createMemoryVault();
    await ask(open(harness, { vault }));
    const forgetful: Fetch = async (url, init) => {
      const target = new Headers(init.headers).get("x-amz-target") ?? "";
      return target.endsWith(".DescribeCreateAccountStatus")
        ? Response.json({ __type: "CreateAccountStatusNotFoundException" }, { status: 400 })
        : realFetch(url, init);
    };
    expect((await ask(open(harness, { vault, fetching: forgetful }))).kind).toBe("connected");
    expect(await accounts()).toHaveLength(1);
  });

  it("nor where nothing was kept and AWS does not list what there is: that is for a person to look at", async () => {
    await ask(open(harness));
    const blind = alter("ListAccounts", () => '{"Accounts":[]}');
    for (let repeat = 0; repeat < 2; repeat++)
      expect(await ask(open(harness, { fetching: blind }))).toEqual({
        ...{ kind: "unknown", code: "email_already_exists" },
      });
    expect(await accounts()).toHaveLength(1);
  });

  const CLOSED = { kind: "refused", code: "account_closed" } as const;
  const MISMATCH = { kind: "unknown", code: "account_mismatch" } as const;
  const UNCLEAR = { kind: "unknown", code: "account_unclear" } as const;
  const BEGINNING = { kind: "unknown", code: "under_way" } as const;
  it.each([
    ["State ACTIVE", '"State":"ACTIVE",', undefined],
    ["State CLOSED", '"State":"CLOSED","Status":"SUSPENDED",', CLOSED],
    ["State PENDING_CLOSURE", '"State":"PENDING_CLOSURE","Status":"PENDING_CLOSURE",', CLOSED],
    ["State PENDING_ACTIVATION", '"State":"PENDING_ACTIVATION",', BEGINNING],
    ["State SUSPENDED", '"State":"SUSPENDED","Status":"SUSPENDED",', UNCLEAR],
    ["a State of the future", '"State":"DORMANT","Status":"ACTIVE",', UNCLEAR],
    ["Status ACTIVE alone", '"Status":"ACTIVE",', undefined],
    ["Status SUSPENDED alone", '"Status":"SUSPENDED",', UNCLEAR],
    ["Status PENDING_CLOSURE alone", '"Status":"PENDING_CLOSURE",', UNCLEAR],
    ["neither", "", UNCLEAR],
  ])("and with %s it is entered, over or neither", async (_, shown, no) => {
    const made = await ask(open(harness));
    const change = (body: string) => body.replaceAll('"State":"ACTIVE","Status":"ACTIVE",', shown);
    const listed = await ask(open(harness, { fetching: alter("ListAccounts", change) }));
    const accountId = made.kind === "connected" ? made.credentials.accountId : "";
    const known = { ...requestOf("areq_1"), accountId };
    const again = await open(harness, {
      fetching: alter("DescribeAccount", change),
    }).requestAccount(known);
    if (no === undefined)
      for (const answer of [listed, again]) expect(answer.kind).toBe("connected");
    else expect([listed, again]).toEqual([no, no === CLOSED ? { ...no, unsent: true } : no]);
    expect(await accounts()).toHaveLength(1);
  });

  it("and an account that somebody has brought along, or that manages, is not entered", async () => {
    const made = await ask(open(harness));
    const invited = alter("ListAccounts", (body) => body.replaceAll("CREATED", "INVITED"));
    expect(await ask(open(harness, { fetching: invited }))).toEqual(MISMATCH);
    const accountId = made.kind === "connected" ? made.credentials.accountId : "";
    const known = { ...requestOf("areq_1"), accountId };
    const manages = alter("DescribeAccount", (body) =>
      body.replace(/organizations::\d{12}:/, `organizations::${accountId}:`),
    );
    expect(await open(harness, { fetching: manages }).requestAccount(known)).toEqual(MISMATCH);
    expect(await accounts()).toHaveLength(1);
  });

  it.each([
    ["+sc-", "+sc-0", MISMATCH],
    ['"CREATED"', '"INVITED"', MISMATCH],
    ['"State":"ACTIVE"', '"State":"CLOSED"', CLOSED],
    ['"State":"ACTIVE"', '"State":"SUSPENDED"', UNCLEAR],
  ])(
    "and the account that the organisation says was made is looked at before it is entered (%s became %s)",
    async (text, instead, no) => {
      const vault = createMemoryVault();
      const fetching = alter("DescribeAccount", (body) => body.replace(text, instead));
      expect(await ask(open(harness, { vault, fetching }))).toEqual(no);
      // Found by the kept id of AWS's own request, the account is looked at no less.
      expect(await ask(open(harness, { vault, fetching }))).toEqual(no);
      expect((await harness.books()).accessTokens).toEqual([]);
      expect(await accounts()).toHaveLength(1);
    },
  );

  /** Asks for patience so many times at each call of an action. */
  function throttle(action: string, times: number) {
    const sent: string[] = [];
    const fetching: Fetch = async (url, init) => {
      const target = new Headers(init.headers).get("x-amz-target") ?? "";
      if (!target.endsWith(`.${action}`)) return realFetch(url, init);
      sent.push(target);
      return sent.length % (times + 1) === 0
        ? realFetch(url, init)
        : Response.json({ __type: "TooManyRequestsException" }, { status: 400 });
    };
    return { sent, fetching };
  }
  const THROTTLED = { kind: "unknown", code: "throttled" } as const;
  const READS = [
    "ListCreateAccountStatus",
    "ListAccounts",
    "DescribeCreateAccountStatus",
    "DescribeAccount",
  ];

  it.each(READS)("and %s is asked again where AWS asks for patience", async (action) => {
    const { fetching } = throttle(action, 4);
    expect((await ask(open(harness, { fetching }))).kind).toBe("connected");
    const endless = throttle(action, Number.POSITIVE_INFINITY);
    const other = open(harness, { fetching: endless.fetching });
    expect(await other.requestAccount(requestOf("areq_2"))).toEqual(THROTTLED);
    expect(endless.sent).toHaveLength(5);
  });

  it("and what makes one is never sent again where AWS asks for patience", async () => {
    const { sent, fetching } = throttle("CreateAccount", 4);
    expect(await ask(open(harness, { fetching }))).toEqual(THROTTLED);
    expect(sent).toHaveLength(1);
    expect(await accounts()).toEqual([]);
  });

  it("and none where the organisation has all that it may have", async () => {
    const orchestrator = open(harness);
    for (let one = 0; one < 9; one++)
      expect(await orchestrator.requestAccount(requestOf(`areq_${one}`))).toMatchObject({
        kind: "connected",
      });
    expect(await orchestrator.requestAccount(requestOf("areq_more"))).toEqual({
      ...{ kind: "refused", code: "account_limit_exceeded" },
    });
    expect(await accounts()).toHaveLength(9);
  });
});

describe("aws-organizations", () => {
  let harness: SandboxHarness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  it("hands on a session that may do nothing but show itself, for 15 minutes, and prints none of it", async () => {
    const answer = await open(harness).requestAccount(requestOf("areq_1"));
    if (answer.kind !== "connected") throw new Error(answer.kind);
    const { accessToken, expiresAt, accountId } = answer.credentials;
    const session = JSON.parse(accessToken.reveal()) as Readonly<Record<string, string>>;
    expect(Object.keys(session)).toEqual(["accessKeyId", "secretAccessKey", "sessionToken"]);
    expect(JSON.stringify(answer)).not.toContain(session.secretAccessKey);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(900_000);
    const { accessTokens } = await harness.books();
    expect(accessTokens).toMatchObject([{ accountId, status: "active" }]);
    expect(JSON.parse(accessTokens[0]?.permissions[0] ?? "").Statement).toEqual([
      { Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" },
    ]);
  });

  it("opens what was opened before, and nothing else, for a known account", async () => {
    const orchestrator = open(harness);
    const known = (accountId: string) => ({ ...requestOf("areq_1"), accountId });
    expect(await orchestrator.requestAccount(known("000000000000"))).toEqual({
      ...{ kind: "refused", code: "account_hidden", unsent: true },
    });
    expect((await harness.books()).accounts).toEqual([]);
    const made = await orchestrator.requestAccount(requestOf("areq_1"));
    const accountId = made.kind === "connected" ? made.credentials.accountId : "";
    expect(await orchestrator.requestAccount(known(accountId))).toMatchObject({
      ...{ kind: "connected", credentials: { accountId } },
    });
  });

  it("links to the account with the principal's own address, never to the one that manages, and guesses none", async () => {
    const orchestrator = open(harness);
    const link = (email: string) =>
      orchestrator.requestAccount({ ...requestOf("areq_9", email), mode: "link" });
    const refused = (code: string) => ({ kind: "refused", code });
    expect(await link("aws@sandbox.example")).toMatchObject(refused("account_not_found"));
    for (const id of ["areq_1", "areq_2"]) await orchestrator.requestAccount(requestOf(id));
    expect(await link("founder@example.com")).toMatchObject(refused("account_ambiguous"));
    const own = alter("ListAccounts", (body) => body.replaceAll(/\+sc-[0-9a-f]{20}/g, ""));
    const answer = await open(harness, { fetching: own }).requestAccount({
      ...{ ...requestOf("areq_9"), mode: "link" },
    });
    expect(answer.kind).toBe("connected");
    expect((await harness.books()).accounts).toHaveLength(2);
  });

  it("is patient with AWS where it is asked for its health, and for tags", async () => {
    for (const action of ["DescribeOrganization", "ListTagsForResource"]) {
      let isFirst = true;
      const fetching: Fetch = async (url, init) => {
        const target = new Headers(init.headers).get("x-amz-target") ?? "";
        if (!isFirst || !target.endsWith(`.${action}`)) return realFetch(url, init);
        isFirst = false;
        return Response.json({ __type: "com.amazonaws#ThrottlingException" }, { status: 400 });
      };
      const orchestrator = open(harness, { fetching });
      expect(await orchestrator.isHealthy()).toBe(true);
      await orchestrator.requestAccount(requestOf("areq_1"));
      const link = { ...requestOf("areq_9"), mode: "link" as const };
      expect((await orchestrator.requestAccount(link)).kind).toBe("connected");
      expect(isFirst).toBe(false);
    }
  });

  it("forgets the id of a request that is over", async () => {
    const vault = createMemoryVault();
    const orchestrator = open(harness, { vault });
    await orchestrator.requestAccount(requestOf("areq_1"));
    expect(await vault.read("aws-organizations/areq_1")).toBeDefined();
    expect(await orchestrator.dropRequest?.("areq_1")).toEqual({ kind: "ended" });
    expect(await vault.read("aws-organizations/areq_1")).toBeUndefined();
  });

  it("reads its own part of the connection, for AWS alone", () => {
    const part = harness.connection.orchestrators["aws-organizations"];
    const services = { fetch: realFetch, now: Date.now, sleep: async () => undefined };
    const read = (given: object, provider = "aws") =>
      openOrchestrator(
        given,
        { id: "aws-organizations", provider, providerUrl: "" },
        { ...services, vault: createMemoryVault() },
      );
    expect(read(part)).toBeDefined();
    expect(
      read({ ...part, sessionToken: "a-session-token", rootEmail: "aws@example.com" }),
    ).toBeDefined();
    expect(read(part, "cloudflare")).toBeUndefined();
    for (const wrong of [
      { stsUrl: "http://sts.example" },
      { organizationsUrl: "https://x.example/?a=b" },
      { accessKeyId: "short" },
      { secretAccessKey: "" },
      { rootEmail: "nobody" },
      { role: "Administrator" },
    ])
      expect(read({ ...part, ...wrong }), JSON.stringify(wrong)).toBeUndefined();
  });
});

describe("an account's address", () => {
  const name = (request: Partial<AccountRequest>, rootEmail?: string) =>
    nameAccount({ ...requestOf("areq_1"), ...request }, rootEmail);

  it("is the request's own, the same each time, in the mailbox of whoever reads it", () => {
    expect(name({})?.email).toMatch(/^founder\+sc-[0-9a-f]{20}@example\.com$/);
    expect(name({})).toEqual(name({}));
    expect(name({}, "AWS@corp.example")?.email).toMatch(/^aws\+sc-[0-9a-f]{20}@corp\.example$/);
    const all = [{}, { requestId: "areq_2" }, { email: "Other@example.com" }].map(
      (request) => name(request, "aws@corp.example")?.email,
    );
    expect(new Set(all).size).toBe(3);
    expect(name({ name: "ü".repeat(9) + "x".repeat(80) })?.accountName).toMatch(
      /^x{41}-[0-9a-f]{8}$/,
    );
  });

  it("is none where AWS would not take it", () => {
    for (const email of [`${"a".repeat(40)}@example.com`, "o'neil@example.com", ".a@example.com"])
      expect(name({ email }), email).toBeUndefined();
    expect(name({ email: "o'neil@example.com" }, "aws@corp.example")).toBeDefined();
  });
});
