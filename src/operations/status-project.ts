import { findVendor } from "../adapters/vendors/find-vendor.ts";
import { opensAccounts } from "../adapters/vendors/opens-accounts.ts";
import type { OrchestratorHealth } from "../broker/check-health.ts";
import type { BrokerSummary } from "../broker/summary.ts";
import { APPLYING_ENGINES, type EngineId } from "../compiler/vocabulary.ts";
import type { StackContent } from "../deploy/engine-driver.ts";
import type { EngineJob } from "../deploy/run-engine.ts";
import type { SandboxAddress } from "../sandbox/connect-sandbox.ts";
import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { findLedger } from "./find-ledger.ts";
import { projectFolders } from "./find-project.ts";
import { readConnection } from "./open-sandbox.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { presentTime } from "./present-time.ts";
import { readLedgerSummary } from "./read-ledger-summary.ts";
import { readUrls, type StackUrl } from "./read-urls.ts";
import { type MoneyReport, reportMoney } from "./report-money.ts";
import { sandboxHome } from "./sandbox-home.ts";
import { suggestCommand } from "./suggest-command.ts";
import type { Workplace } from "./workplace.ts";

/** Something that can be revoked, or has to be known of. */
export interface LeaseStatus {
  readonly resource: string;
  readonly kind: string;
  readonly provider: string;
  readonly state: string;
  /** `now`, `expires` or `never`. */
  readonly revocability: string;
  /** RFC 3339. */
  readonly expiresAt?: string | undefined;
  /** What a domain costs again next time, `10.44 USD`. */
  readonly renewal?: string | undefined;
  /** RFC 3339; an account that nobody has claimed by then is gone. */
  readonly claimUntil?: string | undefined;
}

export interface StatusResult {
  readonly project: string;
  readonly stack: string;
  readonly deployed: boolean;
  /** Resources in the engine's state. */
  readonly resources: number;
  readonly urls: readonly StackUrl[];
  readonly money: MoneyReport;
  readonly counts: BrokerSummary["counts"];
  /** What is live, this stack's only. */
  readonly leases: readonly LeaseStatus[];
  /** What outlives the stack. */
  readonly retained: readonly LeaseStatus[];
  /** Acts without an end; their money stays held. */
  readonly open: readonly {
    readonly resource: string;
    readonly kind: string;
    readonly verb: string;
    readonly waiting: string;
    readonly held?: string | undefined;
    readonly since: string;
    /** Of a queued purchase: it is sent before this time or never. */
    readonly until?: string | undefined;
  }[];
  readonly frozen: BrokerSummary["frozen"];
  /** Where the books are, without user and password. */
  readonly ledger: string;
  /** Who could vouch now, in the manifest's order; empty where there is no sandbox to ask through. */
  readonly orchestrators: readonly OrchestratorHealth[];
  readonly sandbox: { readonly running: boolean; readonly appPort?: number | undefined };
}

/** What is deployed, what it cost, what can be revoked, who could vouch. Reads state and ledger, asks orchestrators whether they answer, and disturbs no run. */
export async function statusProject(
  workplace: Workplace,
  query: StackQuery,
): Promise<Outcome<StatusResult>> {
  const compiled = await compileSources(workplace, query, { emit: false, ignorePolicy: true });
  if ("ok" in compiled) return compiled;
  const ledger = findLedger(workplace, compiled.project.root, compiled.model);
  if ("ok" in ledger) return ledger;
  const [{ findSandbox }, { thisMachine }] = await Promise.all([
    import("../sandbox/connect-sandbox.ts"),
    import("../deploy/this-machine.ts"),
  ]);
  const { model, project } = compiled;
  const { root } = project;
  const place = {
    root,
    folder: `${root}/stacks/${model.name}`,
    project: model.name,
    stack: model.stack,
  };
  const machine = thisMachine({ env: workplace.env, projects: projectFolders(project) });
  const preferred = query.engine ?? model.engine;
  const content = await readState({ machine, place, signal: workplace.signal }, preferred);
  const sandbox = model.live ? undefined : await findSandbox(sandboxHome(root));
  const summary = await readLedgerSummary(ledger, model.limits);
  if (summary !== undefined && "ok" in summary) return summary;
  const state = describeState(content, sandbox?.appPort);
  const isServed = model.live || sandbox !== undefined;
  const { nextSteps, warnings } = advise(content, summary, isServed, query);
  return succeed(
    {
      project: model.name,
      stack: model.stack,
      ...state,
      money: reportMoney(summary, model.limits, presentTime(workplace)),
      counts: summary?.counts ?? [],
      ...describeLeases(summary, model.name, model.stack),
      frozen: summary?.frozen ?? [],
      ledger: ledger.description,
      orchestrators: await checkOrchestrators(workplace, compiled, summary, sandbox),
      sandbox: { running: sandbox !== undefined, appPort: sandbox?.appPort },
    },
    { nextSteps, warnings },
  );
}

/** The state of the engine that has one; OpenTofu's can be read by OpenTofu alone. */
async function readState(
  job: Omit<EngineJob, "engine">,
  preferred: EngineId,
): Promise<StackContent | "absent" | "unreadable"> {
  const [{ hasState }, { loadDriver }] = await Promise.all([
    import("../deploy/has-state.ts"),
    import("../deploy/load-driver.ts"),
  ]);
  const { machine, place } = job;
  const applied = APPLYING_ENGINES.toSorted(
    (a, b) => Number(b === preferred) - Number(a === preferred),
  );
  const id = applied.find((one) => hasState(one, place));
  if (id === undefined) return "absent";
  if (id === "pulumi") {
    const { readPulumiStack } = await import("../deploy/pulumi-driver.ts");
    return readPulumiStack(place);
  }
  const { findOpentofu } = await import("../deploy/opentofu/find-opentofu.ts");
  const engine = await findOpentofu(machine);
  if (engine === undefined) return "unreadable";
  return (await loadDriver(id)).readStack({ ...job, engine });
}

async function checkOrchestrators(
  workplace: Workplace,
  { model, lowered }: CompiledProject,
  summary: BrokerSummary | undefined,
  sandbox: SandboxAddress | undefined,
): Promise<readonly OrchestratorHealth[]> {
  if (sandbox === undefined) return [];
  const known = (summary?.leases ?? []).filter(({ kind }) => kind === "account");
  // Where there are no accounts, nobody has to vouch for anybody.
  const providers = [...new Set([...lowered, ...known].map(({ provider }) => provider))].filter(
    (provider) => opensAccounts(findVendor(provider), model),
  );
  const { checkHealth } = await import("../broker/check-health.ts");
  const connection = await readConnection(sandbox, workplace);
  return checkHealth(connection, model.orchestrators, providers.toSorted());
}

function describeState(
  content: StackContent | "absent" | "unreadable",
  appPort: number | undefined,
): Pick<StatusResult, "deployed" | "resources" | "urls"> {
  if (typeof content === "string") return { deployed: false, resources: 0, urls: [] };
  const { resources, outputs } = content;
  return {
    deployed: resources.length > 0,
    resources: resources.length,
    urls: readUrls(outputs, appPort),
  };
}

function describeLeases(
  summary: BrokerSummary | undefined,
  project: string,
  stack: string,
): Pick<StatusResult, "leases" | "retained" | "open"> {
  const isOwn = ({ identity }: { readonly identity: { project: string; stack: string } }) =>
    identity.project === project && identity.stack === stack;
  const retained = new Set((summary?.retained ?? []).map(({ id }) => id));
  const own = (summary?.leases ?? []).filter(isOwn);
  return {
    leases: own.filter(({ state }) => state !== "kept").map(describeLease),
    retained: own.filter(({ id }) => retained.has(id)).map(describeLease),
    open: (summary?.open ?? [])
      .filter(isOwn)
      .map(({ identity, kind, verb, waiting, held, since, until }) => ({
        ...{ resource: identity.resource, kind, verb, waiting, held, since, until },
      })),
  };
}

/** A lease of the ledger, for people. */
export function describeLease(lease: BrokerSummary["leases"][number]): LeaseStatus {
  const { identity, kind, provider, state, revocability, expiresAt, renewal, claimUntil } = lease;
  const again = renewal === "" ? undefined : renewal;
  return {
    ...{ resource: identity.resource, kind, provider, state, revocability, expiresAt },
    renewal: again,
    claimUntil,
  };
}

function advise(
  content: StackContent | "absent" | "unreadable",
  summary: BrokerSummary | undefined,
  isServed: boolean,
  query: StackQuery,
): { readonly nextSteps: readonly string[]; readonly warnings: readonly string[] } {
  const warnings = [
    ...(content === "unreadable" ? ["the engine's state cannot be read"] : []),
    ...(summary?.frozen ?? []).map(
      ({ scope, since }) => `spending is frozen for ${scope} since ${since}`,
    ),
    ...(summary?.unrevoked ?? []).map(
      ({ lease, kind }) => `a replaced ${kind} of ${lease} is not revoked yet`,
    ),
  ];
  const isDoubtful = (summary?.open ?? []).some(({ waiting }) => waiting === "unknown");
  const isAbsent = content === "absent";
  const nextSteps = [
    ...(isAbsent || isServed ? [] : ["npx supercargo sandbox start"]),
    ...(isAbsent || isDoubtful ? [suggestCommand("up", query)] : []),
    ...(isDoubtful ? [suggestCommand("settle", query)] : []),
  ];
  return { warnings, nextSteps };
}
