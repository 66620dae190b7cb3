import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import type { StepObserver } from "../../src/broker/steps.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { createQuote } from "../../src/operations/create-quote.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, identity, LIMITS, requests } from "./fakes/requests.ts";

/** What a provider shows of an account in place of what it shows of an active one. */
type Shown = readonly [text: string, instead: string];

/**
 * The clouds whose accounts an organisation makes: the manifest's word, its API, how many calls of it make one, what it shows of an account that is certainly over,, what
 * of one that may not be, and what it says of one that is not to be seen.
 */
const CLOUDS: readonly {
  readonly provider: string;
  readonly word: string;
  readonly api: string;
  readonly calls: number;
  readonly over: readonly Shown[];
  readonly unclear: readonly Shown[];
  readonly hidden: readonly [status: number, body: object];
}[] = [
  {
    ...{ provider: "aws", word: "aws-organizations", api: "^/aws/", calls: 8 },
    over: [
      ['"State":"ACTIVE"', '"State":"CLOSED"'],
      ['"State":"ACTIVE"', '"State":"PENDING_CLOSURE"'],
    ],
    unclear: [
      ['"State":"ACTIVE"', '"State":"SUSPENDED"'],
      ['"State":"ACTIVE","Status":"ACTIVE"', '"Status":"SUSPENDED"'],
      ['"State":"ACTIVE","Status":"ACTIVE",', ""],
      ['"State":"ACTIVE"', '"State":"DORMANT"'],
    ],
    hidden: [400, { __type: "AccountNotFoundException" }],
  },
  {
    ...{ provider: "gcp", word: "google-projects", api: "^/google/", calls: 10 },
    over: [['"ACTIVE"', '"DELETE_REQUESTED"']],
    unclear: [
      ['"parent":"folders/', '"parent":"folders/9'],
      ['"ACTIVE"', '"STATE_UNSPECIFIED"'],
    ],
    hidden: [403, { error: { code: 403, status: "PERMISSION_DENIED", message: "" } }],
  },
  {
    ...{ provider: "azure", word: "azure-subscriptions", api: "^/azure/", calls: 7 },
    over: [['"Enabled"', '"Deleted"']],
    unclear: ["Disabled", "PastDue", "Warned", "Dormant"].map(
      (state): Shown => ['"Enabled"', `"${state}"`],
    ),
    hidden: [404, { error: { code: "SubscriptionNotFound", message: "" } }],
  },
];

describe.each(CLOUDS)(
  "promise 3: accounts at $provider, by a broker against the sandbox",
  (cloud) => {
    const { provider, word, api, calls, over, unclear, hidden } = cloud;
    let harness: SandboxHarness;
    let home: string;
    let ahead: number;
    beforeEach(async () => {
      harness = await startHarness();
      home = mkdtempSync(join(tmpdir(), "sc-clouds-"));
      ahead = 0;
    });
    afterEach(async () => {
      await harness.close();
      rmSync(home, { recursive: true, force: true });
    });

    async function open(observer?: StepObserver, fetching?: Fetch): Promise<Broker> {
      const opened = await createBroker({
        ...{ home, connection: harness.connection, limits: LIMITS, observer, fetch: fetching },
        quoteService: createQuote(loadCatalog(), []),
        permits: () => true,
        // What is waited for is done by being looked at.
        clock: { now: () => Date.now() + ahead, sleep: async () => undefined },
        signingNow: Date.now,
      });
      if (!opened.ok) throw new Error(opened.code);
      return opened.broker;
    }

    const account = (orchestrators: readonly string[] = [word]) => ({
      ...requests.account({ provider, orchestrators }),
      identity: identity(`${provider}.account`),
    });
    const accounts = async () => (await harness.books()).accounts;

    it("opens one, the same one after a restart, keeps it at the provider and says so in the log", async () => {
      const broker = await open();
      const made = await grant(broker, account());
      expect(made.outputs).toEqual({ accountId: expect.any(String), orchestrator: word });
      await broker.close();
      const again = await open();
      expect(await grant(again, account())).toEqual(made);
      expect(await accounts()).toMatchObject([{ provider, accountId: made.outputs.accountId }]);
      const gone = { ok: true, gone: true };
      const remove = { verb: "delete", kind: "account", identity: account().identity } as const;
      expect(await again.handle({ ...remove, id: made.id })).toEqual(gone);
      expect(await accounts()).toMatchObject([{ closed: false }]);
      expect((await again.summary()).open).toEqual([]);
      expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
    });

    /** The provider's answers about one account, as it shows it now. */
    function show(accountId: string, [text, instead]: Shown): Fetch {
      return async (url, init) => {
        const answer = await fetch(url, init);
        const body = await answer.text();
        const isIt = `${url}${String(init.body)}`.includes(accountId);
        return new Response(isIt ? body.replace(text, instead) : body, { status: answer.status });
      };
    }

    it("is kept for the stack that gave it up, also while nobody answers", async () => {
      const broker = await open();
      const made = await grant(broker, account());
      const remove = { verb: "delete", kind: "account", identity: account().identity } as const;
      const giveUp = () => broker.handle({ ...remove, id: made.id });
      await giveUp();
      expect((await broker.summary()).retained).toMatchObject([{ id: made.id, state: "kept" }]);
      expect(await grant(broker, account())).toEqual(made);
      await giveUp();
      await harness.outage("status500", api);
      expect(await grant(broker, account())).toEqual(made);
      await harness.endFaults();
      expect(await accounts()).toHaveLength(1);
    });

    async function giveUpOne() {
      const broker = await open();
      const made = await grant(broker, account());
      const remove = { verb: "delete", kind: "account", identity: account().identity } as const;
      await broker.handle({ ...remove, id: made.id });
      await broker.close();
      return made;
    }

    it.each(over)("is followed by another one where %s became %s: it is over", async (...shown) => {
      const { accountId } = (await giveUpOne()).outputs;
      const later = await open(undefined, show(accountId, shown));
      expect((await grant(later, account())).outputs.accountId).not.toBe(accountId);
      expect((await later.summary()).retained).toEqual([]);
      expect(await accounts()).toHaveLength(2);
    });

    it.each(unclear)("is the only one where %s became %s", async (...shown) => {
      const made = await giveUpOne();
      const later = await open(undefined, show(made.outputs.accountId, shown));
      expect(await grant(later, account())).toEqual(made);
      expect(await accounts()).toHaveLength(1);
    });

    it("is the only one where nobody may see it any more", async () => {
      const made = await giveUpOne();
      const [status, body] = hidden;
      const later = await open(undefined, async (url, init) =>
        `${url}${String(init.body)}`.includes(made.outputs.accountId)
          ? Response.json(body, { status })
          : fetch(url, init),
      );
      expect(await grant(later, account())).toEqual(made);
      expect(await accounts()).toHaveLength(1);
    });

    it("is asked for through the first word of the manifest that serves the provider", async () => {
      const made = await grant(await open(), account(["stripe", "self", word]));
      expect(made.outputs.orchestrator).toBe(word);
      expect(await accounts()).toHaveLength(1);
    });

    const CUTS = Array.from({ length: calls }, (_, index) => index + 1);
    it.each(CUTS)(
      "makes one although the answer to call %i is lost and the broker ends",
      async (nth) => {
        // The first call asks whether anybody is there.
        await harness.fault("drop-after", undefined, api, 1, nth + 1);
        const first = await open();
        const lost = await first.handle(account());
        await first.close();
        await harness.endFaults();
        const second = await open();
        const made = await grant(second, account());
        if (lost.ok && "outputs" in lost) expect(made.outputs).toEqual(lost.outputs);
        expect(await accounts()).toHaveLength(1);
        expect((await second.summary()).open).toEqual([]);
        expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
      },
    );

    const STEPS = ["record", "export", "mark", "dispatch", "store", "settle"] as const;
    it.each(STEPS)("makes one although the broker dies after its step `%s`", async (name) => {
      const dies = new Error("the process ended");
      const first = await open({
        async observe(step) {
          if (step.name === name && step.point === "after") throw dies;
        },
      });
      await expect(first.handle(account())).rejects.toThrow(dies);
      await first.close();
      const second = await open();
      await grant(second, account());
      expect(await accounts()).toHaveLength(1);
      expect((await second.summary()).open).toEqual([]);
    });

    it("counts against the limit of accounts", async () => {
      const broker = await open();
      for (let one = 0; one < 5; one++)
        await grant(broker, { ...account(), identity: identity(`${provider}.account-${one}`) });
      expect(await broker.handle(account())).toMatchObject({ ok: false });
      expect(await accounts()).toHaveLength(5);
    });

    it("forgets a session that is revoked, and opens the same account again with another one", async () => {
      const broker = await open();
      const made = await grant(broker, account());
      await broker.revoke(made.id);
      expect(await broker.handle(account())).toMatchObject({ ok: false, code: "lease_revoked" });
      expect(await broker.rotate(made.id)).not.toHaveProperty("code");
      expect(await grant(broker, account())).toEqual(made);
      expect(await accounts()).toHaveLength(1);
    });
  },
);
