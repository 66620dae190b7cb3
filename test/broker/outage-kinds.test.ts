import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { systemClock } from "../../src/broker/clock.ts";
import type { BrokerRequest, LeaseKind } from "../../src/broker/protocol.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { validateProject } from "../../src/operations/validate-project.ts";
import { startHarness } from "../orchestrators/sandbox-harness.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { PROJECT_ROOT } from "../support/run-cli.ts";
import { readSummary } from "./fakes/read-summary.ts";
import { dollars, grant, identity, LIMITS, requests } from "./fakes/requests.ts";

/** What belongs to the orchestrator's way to the provider; the provider's own API answers on. */
const ORCHESTRATOR = "/(provisioning|oauth)/";
const KINDS = [
  "refuse",
  "hang",
  "status500",
  "malformed",
  "other-schema",
  "foreign",
  "revoked",
] as const;
type Kind = (typeof KINDS)[number];

/** A broker before a sandbox, with an account, means to pay and an access token, whose session is over by `ahead`. */
async function prepare(kind: Kind) {
  const harness = await startHarness(true);
  const home = mkdtempSync(join(tmpdir(), "sc-outage-"));
  onTestFinished(async () => {
    await harness.close();
    rmSync(home, { recursive: true, force: true });
  });
  await harness.settings("cloudflare", { bearerSeconds: 900 });
  let ahead = 0;
  const open = async (): Promise<Broker> => {
    const opened = await createBroker({
      home,
      connection: harness.connection,
      limits: LIMITS,
      permits: () => true,
      clock: { now: () => Date.now() + ahead, sleep: systemClock.sleep },
      signingNow: Date.now,
      quoteService: () => ({
        price: { kind: "fixed", amount: dollars(500), interval: "month" },
        categories: ["storage"],
      }),
      timing: { absencePause: 20, pollFirst: 50, pollTotal: 2_000 },
      // Nobody waits half a minute for an answer that never comes; one that comes may take long on a busy machine.
      fetch: (url, init) => {
        const limit = AbortSignal.timeout(kind === "hang" ? 2_000 : 25_000);
        const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
        return fetch(url, { ...init, signal });
      },
    });
    if (!opened.ok) throw new Error(opened.code);
    return opened.broker;
  };
  const broker = await open();
  const account = await grant(broker, requests.account());
  const { accountId } = account.outputs;
  const payment = await grant(broker, requests.payment(accountId));
  const access = await grant(broker, requests.access(accountId));
  const secret = await grant(broker, requests.secret());
  return {
    ...{ harness, home, broker, open, account, payment, access, secret },
    domain: requests.domain(accountId, payment.id),
    service: requests.service(accountId, payment.id),
    expireSession: async () => {
      ahead += 1_000_000;
      await harness.advance(1_000_000);
    },
  };
}

const code = async (broker: Broker, request: object): Promise<string> => {
  const answer = await broker.handle(request as BrokerRequest);
  return answer.ok ? "done" : answer.code;
};

let operations = 0;
let drained = 0;

/** What must go on while the orchestrator does not, each counted. */
async function expectAvailable({
  home,
  broker,
  secret,
  access,
  payment,
}: Awaited<ReturnType<typeof prepare>>) {
  const count = (isDone: boolean): void => {
    expect(isDone).toBe(true);
    operations += 1;
  };
  const read = (kind: LeaseKind, resource: string, id: string) =>
    code(broker, { verb: "read", kind, identity: identity(resource), id });
  // Reading, from beside the broker and through it.
  count((await readSummary(home, LIMITS)) !== undefined);
  count((await read("secret", "session-key", secret.id)) === "done");
  count((await read("payment-token", "cloudflare.payment-token", payment.id)) === "done");
  // Planning.
  const workplace = {
    cwd: join(PROJECT_ROOT, "templates/minimal"),
    env: process.env,
    progress: { step: () => undefined, note: () => undefined, show: () => undefined },
    signal: new AbortController().signal,
  };
  count((await validateProject(workplace, {})).ok);
  // Auditing.
  count(verifyLog(home).ok);
  // Rotating and revoking.
  const rotated = await broker.rotate(secret.id);
  count(!("ok" in rotated) && rotated.rotated.length === 1);
  const revoked = await broker.revoke(access.id);
  count(!("ok" in revoked));
  count((await read("access-token", "cloudflare.access-token", access.id)) === "lease_revoked");
}

it.each(KINDS)(
  "promise 24: an orchestrator that fails by `%s`: work goes on, purchases wait, and go out once when it is back",
  async (kind: Kind) => {
    const world = await prepare(kind);
    const { harness, open, broker, domain, service, account } = world;
    const isLie = kind === "foreign";
    if (kind === "revoked") await harness.revokeCredentials("cloudflare");
    else await harness.outage(kind, ORCHESTRATOR);
    // Through whom it is bought answers its health truly when it lies, and when only our right was taken back.
    const queued = [domain, ...(isLie || kind === "revoked" ? [] : [service])];
    if (kind !== "revoked") await world.expireSession();
    const codes = [];
    for (const request of queued) codes.push(await code(broker, request));
    expect(codes).toEqual(isLie ? ["account_mismatch"] : queued.map(() => "purchase_queued"));
    const { domains, charges } = await harness.books();
    expect([domains, charges]).toEqual([[], []]);
    await expectAvailable(world);
    // A restart in the middle changes nothing.
    await broker.close();
    const next = await open();
    expect((await next.summary()).open.filter(({ waiting }) => waiting === "queued")).toHaveLength(
      isLie ? 0 : queued.length,
    );

    await harness.endFaults();
    if (kind === "revoked") expect(await next.rotate(account.id)).not.toHaveProperty("ok", false);
    for (const request of [domain, service, domain, service])
      expect(await code(next, request)).toBe("done");
    const books = await harness.books();
    expect(books.domains.filter(({ state }) => state === "succeeded")).toHaveLength(1);
    expect(books.charges).toHaveLength(1);
    const { caps, open: unfinished } = await next.summary();
    expect(caps[0]).toMatchObject({ spent: "15.44 USD", held: "0.00 USD" });
    expect(unfinished.filter(({ held }) => held !== undefined)).toEqual([]);
    expect(verifyLog(world.home)).toMatchObject({ ok: true, findings: [] });
    drained += 1;
  },
);

it("promise 24: every kind of outage was tried", ({ task }) => {
  expect(drained).toBe(KINDS.length);
  noteFigure(
    task,
    `${drained} kinds of outage, ${operations} operations available, bought once after each`,
  );
});
