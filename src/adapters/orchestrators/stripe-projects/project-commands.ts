import type { AccountAnswer, ResourceAnswer } from "../contract.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import type { HeldProject } from "./command-line.ts";
import { isNothing, refuse, toFailure, toUnknown } from "./judge-envelope.ts";
import { pullEnvironment } from "./pull-environment.ts";
import type { Envelope } from "./read-envelope.ts";
import { readServices, type ServiceRow } from "./read-services.ts";

/** What is asked for at one provider while the folder is held. */
export interface ProjectCommands extends HeldProject {
  list(): Promise<readonly ServiceRow[] | Envelope>;
  find(name: string): Promise<ServiceRow | "absent" | Envelope>;
  /** With the newest credentials. */
  describe(name: string): Promise<ResourceAnswer>;
  read(name: string): Promise<ResourceAnswer>;
  /** At least once, as the CLI is: what is there already is never asked for again. */
  add(
    name: string,
    service: string,
    flags: readonly string[],
  ): Promise<ResourceAnswer | (Envelope & { readonly kind: "error" })>;
  /** Links the account that the person has; answers with undefined once it is linked. */
  link(expiresAt: string): Promise<AccountAnswer | undefined>;
}

export interface ProjectCommandsOptions {
  readonly provider: string;
  /** The flags that accept terms. */
  readonly terms: readonly string[];
}

export function openProjectCommands(
  held: HeldProject,
  { provider, terms }: ProjectCommandsOptions,
): ProjectCommands {
  const { ask } = held;
  const commands: ProjectCommands = {
    ...held,
    async list() {
      const listed = await ask("services", "list");
      if (listed.kind !== "ok") return listed;
      const rows = readServices(listed.data);
      return (
        rows?.filter((row) => row.provider === provider) ?? { kind: "lost", code: "malformed" }
      );
    },
    async find(name) {
      const rows = await commands.list();
      return "kind" in rows ? rows : (rows.find((row) => row.name === name) ?? "absent");
    },
    async describe(name) {
      const access = await pullEnvironment(held, name);
      return access === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "complete", id: name, access };
    },
    async read(name) {
      const row = await commands.find(name);
      if (row === "absent") return { kind: "absent" };
      return "kind" in row ? toUnknown(row) : commands.describe(name);
    },
    async add(name, service, flags) {
      const known = await commands.find(name);
      if (known !== "absent") return "kind" in known ? toFailure(known) : commands.describe(name);
      const args = ["add", `${provider}/${service}`, "--name", name, ...flags, ...terms, "--yes"];
      const checked = await ask(...args, "--preflight");
      if (checked.kind === "error") return checked;
      if (checked.kind === "lost") return toFailure(checked);
      const added = await ask(...args);
      if (added.kind === "ok") return commands.describe(name);
      return added.kind === "error" && isNothing(added) ? added : toFailure(added);
    },
    async link(expiresAt) {
      const linked = await ask("link", provider, ...terms, "--yes");
      if (linked.kind === "ok") return undefined;
      if (linked.kind === "lost") return { kind: "unknown", code: linked.code };
      const url = readConsentUrl(linked.url);
      if (linked.code === "browser_auth_required" && url !== undefined)
        return { kind: "consent", url, expiresAt };
      return refuse(linked.code);
    },
  };
  return commands;
}
