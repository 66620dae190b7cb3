import type { AccountAnswer, Orchestrator, ResourceAnswer } from "../contract.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { runCli } from "../run-cli.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { lookAround, openCommandLine } from "./command-line.ts";
import { isShowable } from "./is-showable.ts";
import { isNothing, refuse, toFailure, toUnknown } from "./judge-envelope.ts";
import { openProjectFolder } from "./project-folder.ts";
import { pullEnvironment } from "./pull-environment.ts";
import type { Envelope } from "./read-envelope.ts";
import { readServices, type ServiceRow } from "./read-services.ts";
import { isAtLeast, readVersion } from "./read-version.ts";

export interface StripeProjectsOptions {
  /** Manifest id, default `stripe-projects`. */
  readonly id?: string | undefined;
  /** In the catalogue's words, lower case. */
  readonly provider: string;
  /** The e-mail address of the person who is logged in to the CLI: Stripe vouches for nobody else. */
  readonly email: string;
  /** The plan whose creation opens the account, e.g. `workers:free`. */
  readonly plan: string;
  /** A folder for this provider and this person alone, made when it is needed, mode 0700; without one nothing but health can be asked for. */
  readonly folder?: string | undefined;
  /** Default `["stripe"]`. */
  readonly program?: readonly [string, ...string[]] | undefined;
  /** All that the program sees: PATH and HOME, and `STRIPE_API_KEY` where a login is not wanted. */
  readonly env: Readonly<Record<string, string>>;
  /** A person has accepted Stripe's and the provider's terms; without that nothing is ever accepted. Default false. */
  readonly termsAccepted?: boolean | undefined;
  /** Runs the program, default as a process. */
  readonly run?: typeof runCli | undefined;
  readonly now: () => number;
  /** Milliseconds for one command, default 90,000. */
  readonly timeout?: number | undefined;
  /** Milliseconds to wait for a CLI that a killed process left running, default 30,000. */
  readonly patience?: number | undefined;
}

/** The CLI and the plugin whose grammar this adapter speaks. */
const CLI_LEAST = [1, 40] as const;
const PLUGIN_LEAST = [0, 46] as const;
/** A look at the CLI's health, milliseconds. */
const LOOK_MS = 10_000;
/** The CLI does not say how long a credential lives; it is fetched anew after this. */
const SESSION_MS = 24 * 3_600_000;
const SERVICE = /^[A-Za-z0-9:_-]{1,128}$/;
const LOCAL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
/** An account's id is printed and logged, so nothing may stand in it that a terminal or a log would read as its own. */
const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;
const TOKEN = /^[\x21-\x7e]{8,4096}$/;

/** Drives Stripe's official CLI for one person at one provider (README.md beside this file has the facts). */
export function createStripeProjects(options: StripeProjectsOptions): Orchestrator {
  const { provider, folder, plan, now, program = ["stripe"], env, run = runCli } = options;
  const { timeout = 90_000, patience = 30_000 } = options;
  const project = folder === undefined ? undefined : openProjectFolder(folder);
  project?.tidy();
  const cli = openCommandLine({ program, env, run, timeout, patience, folder, project });
  const terms = options.termsAccepted === true ? ["--accept-tos"] : [];
  const account = toLocalName(`account-${provider}`);

  const find = async (name: string): Promise<ServiceRow | "absent" | Envelope> => {
    if (project?.isBegun() !== true) return { kind: "lost", code: "project_missing" };
    const listed = await cli.ask("services", "list");
    if (listed.kind !== "ok") return listed;
    const rows = readServices(listed.data);
    if (rows === undefined) return { kind: "lost", code: "malformed" };
    return rows.find((row) => row.name === name && row.provider === provider) ?? "absent";
  };

  const describe = async (name: string): Promise<ResourceAnswer> => {
    const access = project && (await pullEnvironment(cli, project.work, name));
    return access === undefined
      ? { kind: "unknown", code: "malformed" }
      : { kind: "complete", id: name, access };
  };

  /** At least once, as the CLI is: what is there already is never asked for again. */
  const add = async (
    name: string,
    service: string,
    flags: readonly string[],
  ): Promise<ResourceAnswer | (Envelope & { readonly kind: "error" })> => {
    const known = await find(name);
    if (known !== "absent" && "kind" in known) return toFailure(known);
    if (known !== "absent") return describe(name);
    const args = ["add", `${provider}/${service}`, "--name", name, ...flags, ...terms, "--yes"];
    const checked = await cli.ask(...args, "--preflight");
    if (checked.kind === "error") return checked;
    if (checked.kind === "lost") return toFailure(checked);
    const added = await cli.ask(...args);
    if (added.kind === "ok") return describe(name);
    return added.kind === "error" && isNothing(added) ? added : toFailure(added);
  };

  /** The project of this folder, begun once: where one was recorded and the CLI knows none, something is wrong, and another would be a second account's. */
  const openProject = async (name: string, isKnown: boolean): Promise<Envelope> => {
    const owner = project?.owner();
    if (owner !== undefined && owner !== options.email.toLowerCase())
      return { kind: "error", code: "email_mismatch", url: undefined };
    const status = await cli.ask("status");
    const isNone = status.kind === "error" && status.code === "project_not_initialized";
    if (status.kind !== "ok" && !isNone) return status;
    if (owner !== undefined || isKnown)
      return isNone || project?.isBegun() !== true
        ? { kind: "lost", code: "project_missing" }
        : status;
    // The CLI speaks of somebody's project in a folder above.
    if (!isNone) return { kind: "error", code: "project_foreign", url: undefined };
    const named = toLocalName(name).replace(/^-+/, "");
    const args = ["init", named, "--mode", "manual", "--skip-skills", ...terms, "--yes"];
    const checked = await cli.ask(...args, "--preflight");
    if (checked.kind !== "ok") return checked;
    project?.record(options.email.toLowerCase());
    const begun = await cli.ask(...args);
    if (isNothing(begun)) project?.forget();
    return begun;
  };

  const connect = ({
    id,
    access,
  }: ResourceAnswer & { readonly kind: "complete" }): AccountAnswer => {
    const { ACCOUNT_ID: account, API_TOKEN: token } = access;
    if (account === undefined || token === undefined || id === "")
      return { kind: "unknown", code: "malformed" };
    if (!ACCOUNT.test(account.reveal()) || !TOKEN.test(token.reveal()))
      return { kind: "unknown", code: "malformed" };
    const expiresAt = new Date(now() + SESSION_MS).toISOString();
    const credentials = { accountId: account.reveal(), accessToken: token, expiresAt };
    return { kind: "connected", credentials };
  };

  /** Links the account that the person has; answers with undefined once it is linked. */
  const link = async (expiresAt: string): Promise<AccountAnswer | undefined> => {
    const linked = await cli.ask("link", provider, ...terms, "--yes");
    if (linked.kind === "ok") return undefined;
    if (linked.kind === "lost") return { kind: "unknown", code: linked.code };
    const url = readConsentUrl(linked.url);
    if (linked.code === "browser_auth_required" && url !== undefined)
      return { kind: "consent", url, expiresAt };
    return refuse(linked.code);
  };

  return {
    id: options.id ?? "stripe-projects",
    capabilities: CAPABILITIES,

    isHealthy: () =>
      lookAround({ program, env, run }, Math.min(timeout, LOOK_MS), async ({ ask, print }) => {
        const looks = [print("--version"), print("projects", "--version"), ask("list")] as const;
        const [version, plugin, list] = await Promise.all(looks);
        return (
          isNewEnough(version, CLI_LEAST) && isNewEnough(plugin, PLUGIN_LEAST) && list.kind === "ok"
        );
      }),

    async requestAccount({ email, name, expiresAt, mode, accountId }) {
      if (email.toLowerCase() !== options.email.toLowerCase()) return refuse("email_mismatch");
      const opened = await openProject(name, accountId !== undefined);
      if (opened.kind === "error") return refuse(opened.code);
      if (opened.kind === "lost") return toFailure(opened);
      if (accountId !== undefined) {
        const known = await read(account);
        if (known.kind === "absent") return refuse("account_not_found");
        return known.kind === "complete" ? connect(known) : toAccountFailure(known);
      }
      if (mode === "link") {
        const waiting = await link(expiresAt);
        if (waiting !== undefined) return waiting;
      }
      const added = await add(account, plan, []);
      if (added.kind === "complete") return connect(added);
      if (added.kind === "error" && added.code === "browser_auth_required") {
        const waiting = await link(expiresAt);
        if (waiting !== undefined) return waiting;
        const again = await add(account, plan, []);
        return again.kind === "complete" ? connect(again) : toAccountFailure(again);
      }
      return toAccountFailure(added);
    },

    // There is no refresh token: a repeated request pulls the newest credential.
    refresh: async () => ({ kind: "refused", code: "no_refresh_token" }),

    endsEverySession: true,
    async endSession() {
      // In a folder above there may be a project of somebody's own.
      if (project?.isBegun() !== true) return { kind: "unknown", code: "project_missing" };
      const ended = await cli.ask("unlink", provider, "--yes");
      const isOver =
        ended.kind === "ok" || (ended.kind === "error" && ended.code === "provider_not_linked");
      return isOver ? { kind: "ended" } : { kind: "unknown", code: ended.code };
    },

    async createResource({ resourceId, service, config, paymentToken }) {
      if (!SERVICE.test(service)) return refuse("unknown_service");
      if (!isShowable(config)) return refuse("configuration_not_showable");
      const paid = paymentToken === undefined ? [] : ["--confirm-paid-service"];
      const flags = ["--config", JSON.stringify(config), ...paid];
      const added = await add(toLocalName(resourceId), service, flags);
      return added.kind === "error" ? refuse(added.code) : added;
    },

    // Stripe charges its own billing method, whichever token tells that the purchase is held.
    readResource: ({ id }) => read(id),
    presentPayment: ({ id }) => read(id),

    async rotateResource({ id }) {
      if (!LOCAL_NAME.test(id)) return refuse("unknown_resource");
      if (project?.isBegun() !== true) return { kind: "unknown", code: "project_missing" };
      const rotated = await cli.ask("rotate", id, "--yes");
      if (rotated.kind === "ok") return describe(id);
      return isNothing(rotated) || rotated.code === "resource_not_found"
        ? refuse(rotated.code)
        : toUnknown(rotated);
    },

    async removeResource({ id }) {
      if (!LOCAL_NAME.test(id)) return { kind: "absent" };
      if (project?.isBegun() !== true) return { kind: "unknown", code: "project_missing" };
      const asked = await cli.ask("remove", id, "--yes");
      const seen = await find(id);
      if (seen === "absent") return { kind: "absent" };
      if ("kind" in seen) return toUnknown(seen);
      return asked.kind === "error"
        ? { kind: "refused", code: asked.code }
        : { kind: "pending", id };
    },

    async listResources() {
      if (project?.isBegun() !== true) return { kind: "unknown", code: "project_missing" };
      const listed = await cli.ask("services", "list");
      if (listed.kind !== "ok") return { kind: "unknown", code: listed.code };
      const rows = readServices(listed.data);
      if (rows === undefined) return { kind: "unknown", code: "malformed" };
      const own = rows.filter((row) => row.provider === provider);
      return {
        kind: "listed",
        resources: own.map(({ name, service }) => ({ id: name, service })),
      };
    },
  };

  async function read(id: string): Promise<ResourceAnswer> {
    const row = await find(id);
    if (row === "absent") return { kind: "absent" };
    return "kind" in row ? toUnknown(row) : describe(id);
  }
}

function isNewEnough(printed: string | undefined, least: readonly [number, number]): boolean {
  const version = readVersion(printed);
  return version !== undefined && isAtLeast(version, least);
}

function toAccountFailure(answer: ResourceAnswer | Envelope): AccountAnswer {
  if (answer.kind === "error") return refuse(answer.code);
  if (answer.kind === "refused" || answer.kind === "unknown") return answer;
  return { kind: "unknown", code: "malformed" };
}

/** Our id in the CLI's grammar of names, which is also the prefix of environment variables. */
function toLocalName(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, "-");
}
