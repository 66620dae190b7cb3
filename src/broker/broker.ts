import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import type { Verb } from "../compiler/vocabulary.ts";
import { LogAheadError } from "../log/log-file.ts";
import { logPath } from "../log/read-log.ts";
import type { Fetch } from "../util/fetch-json.ts";
import { memberAt } from "../util/json-access.ts";
import { accessTokenHandler, ensureToken } from "./acts/access-token.ts";
import { accountHandler } from "./acts/account.ts";
import { domainHandler } from "./acts/domain.ts";
import { secretHandler } from "./acts/generated-secret.ts";
import { type Answer, GONE, type Handler, isOpen } from "./acts/handler.ts";
import { paymentTokenHandler } from "./acts/payment-token.ts";
import { retryRevocations } from "./acts/revocations.ts";
import { serviceInstanceHandler } from "./acts/service-instance.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type BrokerConnection, openAdapters, readTerms } from "./connection.ts";
import { type BrokerAdapters, type BrokerContext, DEFAULT_TIMING, type Timing } from "./context.ts";
import { type BrokerErrorCode, type BrokerFailure, fail } from "./errors.ts";
import { fingerprintInputs, sameImmutables } from "./identifiers.ts";
import { openKeystore } from "./keystore.ts";
import { type Lease, StaleWriterError } from "./ledger/ledger.ts";
import { openSqliteLedger } from "./ledger/sqlite-ledger.ts";
import { createMutex } from "./mutex.ts";
import { REQUIRED_VERBS, refuseVerb } from "./policy.ts";
import type { BrokerAnswer, BrokerRequest, Identity, LeaseInputs, LeaseKind } from "./protocol.ts";
import { type Random, systemRandom } from "./random.ts";
import { readRequest } from "./read-request.ts";
import { type StepObserver, silentObserver } from "./steps.ts";
import { type BrokerSummary, summarize } from "./summary.ts";

export interface BrokerOptions {
  /** Folder of ledger, keys and log; made when absent (mode 0700). */
  readonly home: string;
  readonly connection: BrokerConnection;
  readonly limits: Limits;
  /** The permission matrix for the subject that this run acts as. Deny by default is up to it. */
  readonly permits: (verb: Verb, kind: LeaseKind) => boolean;
  /** What a service of the catalogue costs; default: nothing is known, so nothing paid is created. */
  readonly quoteService?: BrokerContext["quoteService"] | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  readonly fetch?: Fetch | undefined;
  readonly observer?: StepObserver | undefined;
  readonly timing?: Partial<Timing> | undefined;
  /** Replace those that the connection describes. */
  readonly orchestrators?: BrokerAdapters["orchestrators"] | undefined;
  readonly issuers?: BrokerAdapters["issuers"] | undefined;
  readonly vendors?: BrokerAdapters["vendors"] | undefined;
}

/** A request that ended in a failure, for people. */
export interface FailedRequest {
  readonly verb: BrokerRequest["verb"];
  readonly kind: LeaseKind;
  readonly identity: Identity;
  readonly failure: BrokerFailure;
}

export interface RenewalReport {
  /** Resources whose token lives longer now, value unchanged. */
  readonly renewed: readonly string[];
  /** Resources whose token is another one now; the stack must be refreshed to see its value. */
  readonly reminted: readonly string[];
  readonly failed: readonly { readonly resource: string; readonly failure: BrokerFailure }[];
}

/** The only holder of credentials and the only spender. Opening one takes the home over from every earlier one. */
export interface Broker {
  /** Never throws for what a request, a provider or the disk does; only for a bug. */
  handle(request: BrokerRequest): Promise<BrokerAnswer>;
  /** Starts the account of the cap per run; without it, acts count for a run named after the broker's opening. */
  beginRun(runId: string): Promise<BrokerFailure | undefined>;
  /** Lets the stack's access tokens live for their full time from now; mints those anew that are gone. */
  renewAccessTokens(project: string, stack: string): Promise<RenewalReport | BrokerFailure>;
  summary(): Promise<BrokerSummary>;
  /** Requests that failed since the opening, oldest first. */
  failures(): readonly FailedRequest[];
  /** After it no money is held and no power is handed out; taking power away goes on. `scope` is `all` or a provider. */
  freeze(scope: string, reason: string): Promise<BrokerFailure | undefined>;
  unfreeze(scope: string, reason: string): Promise<BrokerFailure | undefined>;
  close(): Promise<void>;
}

export type OpenedBroker = { readonly ok: true; readonly broker: Broker } | BrokerFailure;

const HANDLERS: { readonly [K in LeaseKind]: Handler<K> } = {
  account: accountHandler,
  "payment-token": paymentTokenHandler,
  "access-token": accessTokenHandler,
  domain: domainHandler,
  "service-instance": serviceInstanceHandler,
  secret: secretHandler,
};

/** Opens the broker of a home. Acts of an earlier process that were never sent are given up, and what they held is released. */
export async function createBroker(options: BrokerOptions): Promise<OpenedBroker> {
  const { clock = systemClock, random = systemRandom, limits } = options;
  const opened = await guard(() => openStore(options, clock, random));
  if (!opened.ok) return opened;
  const { ledger, keystore } = opened;
  const adapters = openAdapters(options.connection, {
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    clock,
  });
  let run = `open-${Buffer.from(random.bytes(8)).toString("hex")}`;
  const context: BrokerContext = {
    ...{ ledger, keystore, clock, random, limits },
    observer: options.observer ?? silentObserver,
    timing: { ...DEFAULT_TIMING, ...options.timing },
    adapters: {
      orchestrators: options.orchestrators ?? adapters.orchestrators,
      issuers: options.issuers ?? adapters.issuers,
      vendors: options.vendors ?? adapters.vendors,
    },
    providers: readTerms(options.connection),
    permits: options.permits,
    quoteService: options.quoteService ?? (() => undefined),
    run: () => run,
    exclusively: createMutex(),
  };
  const failures: FailedRequest[] = [];
  const change = async (work: () => Promise<void>): Promise<BrokerFailure | undefined> => {
    const done = await guard(async () => {
      await work();
      await ledger.exportLog();
      return { ok: true } as const;
    });
    return done.ok ? undefined : done;
  };

  const broker: Broker = {
    async handle(request) {
      const answer = await guard(async () => {
        const outcome = await handle(context, request);
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
        await ledger.note([{ name: "run-begun", actor: { run } }]);
        await retryRevocations(context);
      }),
    renewAccessTokens: (project, stack) =>
      guardReport(async () => {
        const report = await renewAll(context, project, stack);
        await ledger.exportLog();
        return report;
      }),
    summary: () => summarize(ledger, limits),
    failures: () => [...failures],
    freeze: (scope, reason) =>
      change(() => ledger.freeze(scope, reason, freezeEvent("frozen", run, scope, reason))),
    unfreeze: (scope, reason) =>
      change(() => ledger.unfreeze(scope, reason, freezeEvent("unfrozen", run, scope, reason))),
    close: () => ledger.close(),
  };
  return { ok: true, broker };
}

/** Reads a home's summary without disturbing a broker that works there; undefined when there is no readable ledger. */
export async function readSummary(
  home: string,
  limits: Limits,
  clock: Clock = systemClock,
): Promise<BrokerSummary | undefined> {
  const path = join(home, "ledger.sqlite");
  if (!existsSync(path)) return undefined;
  const now = (): number => clock.now();
  const ledger = openSqliteLedger({ path, logPath: logPath(home), limits, now, mode: "reader" });
  if (ledger === undefined) return undefined;
  try {
    return await summarize(ledger, limits);
  } finally {
    await ledger.close();
  }
}

async function openStore(options: BrokerOptions, clock: Clock, random: Random) {
  const { home, limits } = options;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, "ledger.sqlite");
  const key = openKeystore(join(home, "keystore.key"), { random, mayCreate: !existsSync(path) });
  if (!key.ok) return fail(key.code);
  const now = (): number => clock.now();
  const ledger = openSqliteLedger({ path, logPath: logPath(home), limits, now, mode: "writer" });
  if (ledger === undefined) return fail("ledger_newer");
  try {
    await ledger.exportLog();
    await ledger.abandonUnsent();
    return { ok: true, ledger, keystore: key.keystore } as const;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

type Outcome = Extract<BrokerAnswer, { readonly ok: true }> | BrokerFailure;

async function handle(context: BrokerContext, input: BrokerRequest): Promise<Outcome> {
  const request = readRequest(input);
  if (request === undefined) return fail("bad_request");
  const { kind, verb, identity } = request;
  const isPricedFirst = kind === "service-instance" && verb === "create";
  const refusal = isPricedFirst ? undefined : refuseVerb(context, kind, REQUIRED_VERBS[kind][verb]);
  if (kind === "domain" && verb === "delete") return fail("domain_never_deleted");
  if (refusal !== undefined) return refusal;
  const { project, stack, resource } = identity;
  return context.exclusively(`lease/${project}/${stack}/${kind}/${resource}`, () =>
    verb === "create"
      ? create(context, kind, identity, request.inputs)
      : act(context, request as Exclude<BrokerRequest, { readonly verb: "create" }>),
  );
}

/** Adopts the lease that is there; else goes on with the act that is unfinished; else starts the next generation. */
async function create<K extends LeaseKind>(
  context: BrokerContext,
  kind: K,
  identity: Identity,
  inputs: LeaseInputs[K],
): Promise<Answer<K>> {
  const handler: Handler<K> = HANDLERS[kind];
  const lease = await context.ledger.latestLease(identity, kind);
  if (lease !== undefined && lease.state !== "closed") {
    if (!sameImmutables(kind, inputsOf<K>(lease), inputs)) return fail("immutable_input");
    const adopted = await handler.adopt(context, lease, inputs);
    if (!("gone" in adopted)) return adopted;
  }
  const latest = await context.ledger.latestIntent(identity, kind, "create");
  const unfinished = latest !== undefined && isOpen(latest) ? latest : undefined;
  if (unfinished !== undefined && unfinished.fingerprint !== fingerprintInputs(kind, inputs))
    return fail("payload_changed");
  const generation = (latest?.generation ?? 0) + 1;
  return handler.open(context, { identity, inputs, intent: unfinished, generation });
}

/** Reads, updates and deletes touch only the lease that this very resource owns. */
async function act(
  context: BrokerContext,
  request: Exclude<BrokerRequest, { readonly verb: "create" }>,
): Promise<Outcome> {
  const { kind, identity, id } = request;
  const handler = HANDLERS[kind] as Handler<LeaseKind>;
  const lease = await context.ledger.lease(id);
  const isOwn =
    lease?.kind === kind &&
    lease.identity.project === identity.project &&
    lease.identity.stack === identity.stack &&
    lease.identity.resource === identity.resource;
  if (lease === undefined || !isOwn) return request.verb === "read" ? GONE : fail("lease_unknown");
  if (lease.state === "closed") return request.verb === "update" ? fail("lease_unknown") : GONE;
  if (request.verb === "read") return handler.read(context, lease);
  if (request.verb === "delete") return handler.remove(context, lease);
  if (!sameImmutables(kind, inputsOf(lease), request.inputs)) return fail("immutable_input");
  return handler.update(context, lease, request.inputs);
}

async function renewAll(
  context: BrokerContext,
  project: string,
  stack: string,
): Promise<RenewalReport | BrokerFailure> {
  const refusal = refuseVerb(context, "access-token", "issue-token");
  if (refusal !== undefined) return refusal;
  const leases = (await context.ledger.openLeases()).filter(
    ({ kind, state, identity }) =>
      kind === "access-token" &&
      state === "live" &&
      identity.project === project &&
      identity.stack === stack,
  );
  const done = await Promise.all(
    leases.map(async (lease) => {
      const { resource } = lease.identity;
      const outcome = await context.exclusively(
        `lease/${project}/${stack}/access-token/${resource}`,
        () => ensureToken(context, lease, inputsOf<"access-token">(lease)),
      );
      return { resource, outcome };
    }),
  );
  const named = (wanted: string): readonly string[] =>
    done.filter(({ outcome }) => outcome === wanted).map(({ resource }) => resource);
  return {
    renewed: named("renewed"),
    reminted: named("reminted"),
    failed: done.flatMap(({ resource, outcome }) =>
      typeof outcome === "string" ? [] : [{ resource, failure: outcome }],
    ),
  };
}

function inputsOf<K extends LeaseKind>(lease: Lease): LeaseInputs[K] {
  return lease.inputs as unknown as LeaseInputs[K];
}

function freezeEvent(name: "frozen" | "unfrozen", run: string, scope: string, reason: string) {
  const code = /^[a-z][a-z0-9_]{0,63}$/.test(reason) ? reason : undefined;
  return { name, actor: { run }, provider: scope, code } as const;
}

/** Turns what the disk, or another writer, does into a failure. Everything else that is thrown is a bug and passes. */
async function guard<T extends { readonly ok: boolean }>(
  work: () => Promise<T>,
): Promise<T | BrokerFailure> {
  try {
    return await work();
  } catch (error) {
    const code = storageFailure(error);
    if (code === undefined) throw error;
    return fail(code);
  }
}

async function guardReport<T>(work: () => Promise<T>): Promise<T | BrokerFailure> {
  const done = await guard(async () => ({ ok: true as const, report: await work() }));
  return done.ok ? done.report : done;
}

function storageFailure(
  error: unknown,
):
  | Extract<
      BrokerErrorCode,
      "stale_writer" | "ledger_rolled_back" | "ledger_unwritable" | "log_unwritable"
    >
  | undefined {
  if (error instanceof StaleWriterError) return "stale_writer";
  if (error instanceof LogAheadError) return "ledger_rolled_back";
  if (memberAt(error, "code") === "ERR_SQLITE_ERROR") return "ledger_unwritable";
  if (typeof memberAt(error, "syscall") !== "string") return undefined;
  // A write that fails names no path; only the log's file is written by hand.
  const path = memberAt(error, "path");
  const isLog = typeof path !== "string" || path.split("/").includes("log");
  return isLog ? "log_unwritable" : "ledger_unwritable";
}
