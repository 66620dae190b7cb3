import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createLogSink } from "../alerts/sinks/log-sink.ts";
import type { AlertSink } from "../alerts/sinks/sink.ts";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import { type Cosign, openSealedLog } from "../log/append/sealed-log.ts";
import type { Actor } from "../log/event.ts";
import { openNoteKey } from "../log/note-key.ts";
import { logFolder, logPath } from "../log/read-log.ts";
import type { NeededBy } from "../permissions/delegation.ts";
import type { Fetch } from "../util/fetch-json.ts";
import { type AccountCommands, createAccountCommands } from "./account-commands.ts";
import { revokeOverdueTokens } from "./acts/payment-token.ts";
import { dropQueued } from "./acts/queue-purchase.ts";
import { settleDoubtfulIssues } from "./acts/settle-doubtful-issue.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type BrokerConnection, openAdapters, readTerms } from "./connection.ts";
import {
  type BrokerAdapters,
  type BrokerContext,
  DEFAULT_TIMING,
  type Permits,
  type Timing,
} from "./context.ts";
import { finishSettlements } from "./doubts/finish-settlement.ts";
import { type Claim, type SettledDoubt, settleDoubt } from "./doubts/settle-doubt.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import type { FailedRequest } from "./failed-request.ts";
import { guardStorage } from "./guard-storage.ts";
import { handleRequest } from "./handle-request.ts";
import { openKeystore } from "./keystore.ts";
import { type LeaseNode, listLeaseNodes, selectNodes } from "./leases/lease-tree.ts";
import { finishRevocations, type RevocationReport, revokeLeases } from "./leases/revoke-leases.ts";
import { type RotationReport, rotateLeases } from "./leases/rotate-leases.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { openLedger } from "./ledger/open-ledger.ts";
import { isLedgerThere, type LedgerPlace, openPlace } from "./ledger/open-place.ts";
import { DEFAULT_ALERT_RULES, type LedgerAlertRules } from "./ledger/raise-alerts.ts";
import { createMutex } from "./mutex.ts";
import { openVault } from "./open-vault.ts";
import type { BrokerAnswer, BrokerRequest } from "./protocol.ts";
import { type Random, systemRandom } from "./random.ts";
import { type RenewalReport, renewCredentials } from "./renew-credentials.ts";
import { createRequestIds } from "./request-ids.ts";
import { sealIfPossible } from "./seal-if-possible.ts";
import type { Caller } from "./session.ts";
import { type StepObserver, silentObserver } from "./steps.ts";
import { type BrokerSummary, summarize } from "./summary.ts";
import { tellPeople } from "./tell-people.ts";

export interface BrokerOptions {
  /** Folder of ledger, keys and log; made when absent (mode 0700). */
  readonly home: string;
  /** Keeps the ledger in a PostgreSQL database instead of the home's `ledger.sqlite`; log and keys stay in the home. */
  readonly postgres?: LedgerPlace["postgres"];
  /** The file that remembers outside of the store how far the ledger was seen; default `seen.json` in the home. */
  readonly seenPath?: string | undefined;
  /** Another ledger in the place of the one that was seen is refused, too; default false. */
  readonly keepsIdentity?: boolean | undefined;
  /** Who acts, for the caps of agents; default `agent`. */
  readonly agent?: string | undefined;
  readonly connection: BrokerConnection;
  readonly limits: Limits;
  /** What people are told of; default the guardrails' defaults. */
  readonly alertRules?: LedgerAlertRules | undefined;
  /** Where alerts go; none: they wait. Default: the home's `alerts.jsonl`, whose word counts. */
  readonly sinks?: readonly AlertSink[] | undefined;
  /** The permission matrix for the subject that this run acts as. Deny by default is up to it. */
  readonly permits: Permits;
  /** Which manifest resources need a permission of an access token; default none, so that a sub-agent with resources of its own gets no token. */
  readonly neededBy?: NeededBy | undefined;
  /** Whether the manifest asks for what a request over the socket would make or change; default: all is planned. */
  readonly isPlanned?: BrokerContext["isPlanned"] | undefined;
  /** What a service of the catalogue costs; default: nothing is known, so nothing paid is created. */
  readonly quoteService?: BrokerContext["quoteService"] | undefined;
  /**
   * Called with the log's verifier key; answers how its checkpoints are cosigned. Nothing that costs money or gives power is sent unless its entry is under a
   * cosigned checkpoint. Absent: checkpoints carry the log's own signature only, and rewriting by whoever holds the log's key stays unseen.
   */
  readonly witness?: ((logKey: string) => Cosign) | undefined;
  readonly clock?: Clock | undefined;
  /** Real time for signatures, milliseconds since the epoch; default `clock`. Only a broker whose `clock` follows a sandbox's moved clock needs it. */
  readonly signingNow?: (() => number) | undefined;
  readonly random?: Random | undefined;
  readonly fetch?: Fetch | undefined;
  readonly observer?: StepObserver | undefined;
  readonly timing?: Partial<Timing> | undefined;
  /** Who acts, as every entry of the log will say. */
  readonly actor?: Omit<Actor, "run"> | undefined;
  /** Replace those that the connection describes. */
  readonly orchestrators?: BrokerAdapters["orchestrators"] | undefined;
  readonly issuers?: BrokerAdapters["issuers"] | undefined;
  readonly vendors?: BrokerAdapters["vendors"] | undefined;
}

/** What is not a failure. */
type Granted = Extract<BrokerAnswer, { readonly ok: true }>;

/** The only holder of credentials and the only spender. Opening one takes the home over from every earlier one. */
export interface Broker extends AccountCommands {
  /**
   * Never throws for what a request, a provider or the disk does; only for a bug. `caller` is who asks over the socket; without one it is the
   * run itself.
   */
  handle(request: BrokerRequest, caller?: Caller): Promise<Granted | BrokerFailure>;
  /** Starts the account of the cap per run, and finishes what a dead process left; without it, acts count for a run named after the broker's opening. */
  beginRun(runId: string): Promise<BrokerFailure | undefined>;
  /** Lets the stack's access tokens live for their full time from now, and replaces tokens that are gone or nearly over. */
  renewCredentials(
    project: string,
    stack: string,
    options?: { readonly isBegin: boolean },
  ): Promise<RenewalReport | BrokerFailure>;
  /** What was handed out and is not closed, as a tree, parents first. */
  leases(): Promise<readonly LeaseNode[]>;
  /** Takes back the leases that a query names, an id or the beginning of a path, and everything below. Needs no permission. */
  revoke(query: string): Promise<RevocationReport | BrokerFailure>;
  /** {@link revoke} for nodes of the tree. */
  revokeNodes(top: readonly LeaseNode[]): Promise<RevocationReport | BrokerFailure>;
  /** Replaces the credentials of the leases that a query names, and brings revoked ones back; who may do that is the caller's to check. */
  rotate(query: string): Promise<RotationReport | BrokerFailure>;
  /** Settles an act, by its key, that was sent and has no answer; see {@link settleDoubt}. */
  settleDoubt(act: string, claim: Claim): Promise<SettledDoubt | BrokerFailure>;
  /** Gives a queued purchase, by its key, back before it was sent; false when none is queued. Needs no permission. */
  dropQueued(act: string): Promise<boolean | BrokerFailure>;
  summary(): Promise<BrokerSummary>;
  /** Requests that failed since the opening, oldest first. */
  failures(): readonly FailedRequest[];
  /** Notes that a run begins to change a stack's state, or, with its digest, that the run left it so. */
  noteState(project: string, stack: string, digest?: string): Promise<BrokerFailure | undefined>;
  /** After it no money is held and no power is handed out; taking power away goes on. `scope` is `all` or a provider. */
  freeze(scope: string, reason: string): Promise<BrokerFailure | undefined>;
  unfreeze(scope: string, reason: string): Promise<BrokerFailure | undefined>;
  close(): Promise<void>;
}

export type OpenedBroker = { readonly ok: true; readonly broker: Broker } | BrokerFailure;

/** Opens the broker of a home. Acts of an earlier process that were never sent are given up, and what they held is released. */
export async function createBroker(options: BrokerOptions): Promise<OpenedBroker> {
  const { clock = systemClock, random = systemRandom, limits } = options;
  const opened = await guardStorage(() => openStore(options, clock, random));
  if (!opened.ok) return opened;
  const { ledger, keystore, log } = opened;
  const requestIds = createRequestIds();
  const adapters = await openAdapters(options.connection, {
    fetch: requestIds.watch(options.fetch ?? ((url, init) => fetch(url, init))),
    ...{ clock, signingNow: options.signingNow },
    vault: openVault(join(options.home, "vault.json"), keystore),
    folder: join(options.home, "orchestrators"),
  });
  let run = `open-${Buffer.from(random.bytes(8)).toString("hex")}`;
  const actor = (): Actor => ({ ...options.actor, run });
  const context: BrokerContext = {
    ...{ ledger, log, keystore, clock, random, limits },
    alerts: {
      outbox: ledger.outbox,
      sinks: options.sinks ?? [createLogSink(join(options.home, "alerts.jsonl"), { counts: true })],
      clock,
    },
    observer: options.observer ?? silentObserver,
    timing: { ...DEFAULT_TIMING, ...options.timing },
    adapters: {
      orchestrators: options.orchestrators ?? adapters.orchestrators,
      issuers: options.issuers ?? adapters.issuers,
      vendors: options.vendors ?? adapters.vendors,
    },
    providers: readTerms(options.connection),
    permits: options.permits,
    neededBy: options.neededBy ?? (() => []),
    isPlanned: options.isPlanned ?? (() => true),
    quoteService: options.quoteService ?? (() => undefined),
    run: () => run,
    actor,
    requestIds,
    refusals: new Map(),
    exclusively: createMutex(),
  };
  const failures: FailedRequest[] = [];
  const ask = async <T>(work: () => Promise<T>): Promise<T | BrokerFailure> => {
    const done = await guardStorage(async () => {
      const result = await work();
      await ledger.exportLog();
      return { ok: true, result } as const;
    });
    return done.ok ? done.result : done;
  };
  const change = async (work: () => Promise<void>): Promise<BrokerFailure | undefined> =>
    (await ask(work)) ?? undefined;
  const leases = async (): Promise<readonly LeaseNode[]> =>
    listLeaseNodes(await ledger.openLeases());

  const broker: Broker = {
    async handle(request, caller) {
      const answer = await guardStorage(async () => {
        const outcome = await handleRequest(context, request, caller);
        await ledger.exportLog();
        return outcome;
      });
      const { verb, kind, identity } = request;
      if (!answer.ok) failures.push({ verb, kind, identity, failure: answer });
      return answer;
    },
    beginRun: (runId) =>
      change(async () => {
        run = runId;
        await ledger.note([{ name: "run-begun", actor: actor() }]);
        await finishSettlements(context);
        await finishRevocations(context);
        await settleDoubtfulIssues(context);
        await revokeOverdueTokens(context);
        await tellPeople(context);
      }),
    leases,
    revoke: (query) => ask(async () => revokeLeases(context, selectNodes(await leases(), query))),
    revokeNodes: (top) => ask(() => revokeLeases(context, top)),
    rotate: (query) => ask(async () => rotateLeases(context, selectNodes(await leases(), query))),
    ...createAccountCommands(context, ask),
    renewCredentials: (project, stack, options = { isBegin: true }) =>
      ask(() => renewCredentials(context, project, stack, options)),
    settleDoubt: (act, claim) => ask(() => settleDoubt(context, act, claim)),
    dropQueued: (act) => ask(() => dropQueued(context, act)),
    summary: () => summarize(ledger, limits),
    failures: () => [...failures],
    noteState: (project, stack, digest) =>
      change(() =>
        ledger.note([
          {
            name: digest === undefined ? "state-opened" : "state-sealed",
            actor: actor(),
            resource: { project, stack, name: "<state>" },
            fingerprint: digest,
          },
        ]),
      ),
    freeze: (scope, reason) =>
      change(() => ledger.freeze(scope, reason, freezeEvent("frozen", actor(), scope, reason))),
    unfreeze: (scope, reason) =>
      change(() => ledger.unfreeze(scope, reason, freezeEvent("unfrozen", actor(), scope, reason))),
    async close() {
      await endInOrder(context);
      await ledger.close();
    },
  };
  return { ok: true, broker };
}

async function openStore(options: BrokerOptions, clock: Clock, random: Random) {
  const { home, limits, postgres, keepsIdentity } = options;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const place: LedgerPlace = { home, postgres };
  const mayCreate = !(await isLedgerThere(place));
  const key = openKeystore(join(home, "keystore.key"), { random, mayCreate });
  if (!key.ok) return fail(key.code);
  const logKey = openNoteKey(join(home, "log.key"), {
    kind: "log",
    mayCreate,
    random: (count) => random.bytes(count),
  });
  if (!logKey.ok) return fail(`log_key_${logKey.code}`);
  const store = await openPlace(place, "writer");
  if (typeof store === "string") return fail(store === "older" ? "ledger_older" : "ledger_newer");
  const ledger: Ledger = openLedger(store, {
    ...{ limits, keepsIdentity, mode: "writer", logPath: logPath(home) },
    seenPath: options.seenPath ?? join(home, "seen.json"),
    agent: options.agent ?? "agent",
    alerts: options.alertRules ?? DEFAULT_ALERT_RULES,
    now: () => clock.now(),
  });
  const log = openSealedLog({
    folder: logFolder(home),
    key: logKey.key,
    readEntries: (from) => ledger.logEntries(from),
    cosign: options.witness?.(logKey.key.verifierKey),
  });
  try {
    await ledger.exportLog();
    await ledger.abandonUnsent();
    await sealIfPossible(ledger, log);
    return { ok: true, ledger, log, keystore: key.keystore } as const;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** People hear what still waits, and the log is sealed, as far as that can be done. */
async function endInOrder(context: BrokerContext): Promise<void> {
  const { ledger, log } = context;
  await guardStorage(async () => {
    if (await ledger.isCurrent()) await tellPeople(context);
    return { ok: true };
  });
  await sealIfPossible(ledger, log);
}

function freezeEvent(name: "frozen" | "unfrozen", actor: Actor, scope: string, reason: string) {
  const code = /^[a-z][a-z0-9_]{0,63}$/.test(reason) ? reason : undefined;
  return { name, actor, provider: scope, code } as const;
}
