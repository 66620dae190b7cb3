import type {
  AccountAnswer,
  AccountRequest,
  ListAnswer,
  Orchestrator,
  ResourceAnswer,
  SessionEnd,
} from "../contract.ts";
import { runCli } from "../run-cli.ts";
import { beginProject } from "./begin-project.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { lookAround, openCommandLine } from "./command-line.ts";
import { findPricing } from "./find-pricing.ts";
import { isShowable } from "./is-showable.ts";
import { isNothing, refuse, toFailure, toUnknown } from "./judge-envelope.ts";
import { judgeOwner } from "./judge-owner.ts";
import { openProjectCommands, type ProjectCommands } from "./project-commands.ts";
import { openProjectFolder } from "./project-folder.ts";
import type { Envelope, Lost } from "./read-envelope.ts";
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
/** A look at the CLI's health, milliseconds: three programs start at once, which takes long on a busy machine. */
const LOOK_MS = 60_000;
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
  const email = options.email.toLowerCase();
  const project = folder === undefined ? undefined : openProjectFolder(folder);
  const cli = openCommandLine({ program, env, run, timeout, patience, folder, project });
  const terms = options.termsAccepted === true ? ["--accept-tos"] : [];
  const account = toLocalName(`account-${provider}`);
  const own = { provider, terms };

  /** Every call but the one that begins the project passes here: none acts in another person's. */
  const enter = <T>(
    work: (commands: ProjectCommands) => Promise<T>,
    otherwise: (lost: Lost) => T,
  ): Promise<T> =>
    cli.hold(async (held) => {
      const wrong = judgeOwner(held.project, email);
      return wrong === undefined ? work(openProjectCommands(held, own)) : otherwise(wrong);
    }, otherwise);

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

  return {
    id: options.id ?? "stripe-projects",
    capabilities: CAPABILITIES,
    hasOwnIds: true,

    async isHealthy() {
      const limit = Math.min(timeout, LOOK_MS);
      const healthy = await lookAround({ program, env, run }, limit, async ({ ask, print }) => {
        const looks = [print("--version"), print("projects", "--version"), ask("list")] as const;
        const [version, plugin, list] = await Promise.all(looks);
        return (
          isNewEnough(version, CLI_LEAST) && isNewEnough(plugin, PLUGIN_LEAST) && list.kind === "ok"
        );
      });
      return healthy === true;
    },

    async requestAccount(request) {
      if (request.email.toLowerCase() !== email) return refuse("email_mismatch");
      const isKnown = request.accountId !== undefined;
      const named = toLocalName(request.name).replace(/^-+/, "");
      return cli.hold<AccountAnswer>(async (held) => {
        const failed = await beginProject(held, { name: named, email, isKnown, terms });
        return failed ?? openAccount(openProjectCommands(held, own), request);
      }, toFailure);
    },

    // There is no refresh token: a repeated request pulls the newest credential.
    refresh: async () => ({ kind: "refused", code: "no_refresh_token" }),

    endsEverySession: true,
    endSession: () =>
      enter<SessionEnd>(async ({ ask }) => {
        const ended = await ask("unlink", provider, "--yes");
        const isOver =
          ended.kind === "ok" || (ended.kind === "error" && ended.code === "provider_not_linked");
        return isOver ? { kind: "ended" } : { kind: "unknown", code: ended.code };
      }, toUnknown),

    async createResource({ resourceId, service, config, paymentToken }) {
      if (!SERVICE.test(service)) return refuse("unknown_service");
      if (!isShowable(config)) return refuse("configuration_not_showable");
      const paid = paymentToken === undefined ? [] : ["--confirm-paid-service"];
      const flags = ["--config", JSON.stringify(config), ...paid];
      return enter<ResourceAnswer>(async ({ add }) => {
        const added = await add(toLocalName(resourceId), service, flags);
        return added.kind === "error" ? refuse(added.code) : added;
      }, toFailure);
    },

    async readPricing(service) {
      const looked = await lookAround({ program, env, run }, timeout, ({ ask }) =>
        findPricing(ask, provider, service),
      );
      return looked ?? { kind: "unknown", code: "missing" };
    },

    // Stripe charges its own billing method, whichever token tells that the purchase is held.
    readResource: ({ id }) => read(id),
    presentPayment: ({ id }) => read(id),

    async rotateResource({ id }) {
      if (!LOCAL_NAME.test(id)) return refuse("unknown_resource");
      return enter<ResourceAnswer>(async ({ ask, describe }) => {
        const rotated = await ask("rotate", id, "--yes");
        if (rotated.kind === "ok") return describe(id);
        return isNothing(rotated) || rotated.code === "resource_not_found"
          ? refuse(rotated.code)
          : toUnknown(rotated);
      }, toFailure);
    },

    async removeResource({ id }) {
      if (!LOCAL_NAME.test(id)) return { kind: "absent" };
      return enter<ResourceAnswer>(async ({ ask, find }) => {
        const asked = await ask("remove", id, "--yes");
        const seen = await find(id);
        if (seen === "absent") return { kind: "absent" };
        if ("kind" in seen) return toUnknown(seen);
        return asked.kind === "error"
          ? { kind: "refused", code: asked.code }
          : { kind: "pending", id };
      }, toUnknown);
    },

    listResources: () =>
      enter<ListAnswer>(async ({ list }) => {
        const rows = await list();
        return "kind" in rows
          ? toUnknown(rows)
          : { kind: "listed", resources: rows.map(({ name, service }) => ({ id: name, service })) };
      }, toUnknown),
  };

  function read(id: string): Promise<ResourceAnswer> {
    return enter<ResourceAnswer>((commands) => commands.read(id), toUnknown);
  }

  async function openAccount(
    { read, add, link }: ProjectCommands,
    { accountId, mode, expiresAt }: AccountRequest,
  ): Promise<AccountAnswer> {
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
