import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { CliAnswer, CliQuestion } from "./cli-question.ts";

/** The CLI and the plugin whose grammar and answers are played. */
const VERSION = "stripe version 1.41.2";
const PLUGIN_VERSION = "0.46.0";
/** Text before the envelope, as the real one prints at times. */
const NOTICE = "A new version {0.47} of the plugin is available.\n";

const FLAGS = [
  ...["json", "yes", "accept-tos", "confirm-paid-service", "preflight", "skip-skills"],
  ...["pull", "refresh", "version"],
];

export interface Printed {
  readonly status: number;
  readonly stdout: string;
}

/**
 * Plays one call of Stripe's CLI, with the grammar of the plugin 0.46.0's help and the envelopes that were recorded from it. What a project has lives in the sandbox;
 * the working folder holds the project's id in `.projects/state.json` and, after `env --pull`, the credentials in `.env`, as with the real one. Of the environment:
 * `SANDBOX_URL`, `SANDBOX_STRIPE_LOGIN` (a secret; without it nobody is logged in), `SANDBOX_STRIPE_PERSON` (who is).
 */
export async function runStripe(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Printed> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...Object.fromEntries(FLAGS.map((name) => [name, { type: "boolean" as const }])),
      ...Object.fromEntries(
        ["name", "config", "mode"].map((name) => [name, { type: "string" as const }]),
      ),
    },
  });
  const isOn = (name: string) => values[name] === true;
  if (isOn("version"))
    return { status: 0, stdout: `${positionals[0] === "projects" ? PLUGIN_VERSION : VERSION}\n` };
  const [, first = "", ...rest] = positionals;
  const command = first === "services" ? "services/list" : first;
  const question: CliQuestion = {
    project: readProject(folder),
    person: env.SANDBOX_STRIPE_PERSON ?? "",
    argument: first === "services" ? "" : (rest[0] ?? ""),
    name: typeof values.name === "string" ? values.name : undefined,
    config: typeof values.config === "string" ? values.config : undefined,
    flags: FLAGS.filter(isOn),
  };
  const answer = await askSandbox(`${command}${isOn("preflight") ? "/preflight" : ""}`, question, {
    url: env.SANDBOX_URL ?? "",
    login: env.SANDBOX_STRIPE_LOGIN ?? "",
  });
  // The quirk: a call that went wrong may print nothing at all.
  if (answer === undefined) return { status: 1, stdout: "" };
  if (answer.project !== undefined) writeProject(folder, answer.project);
  if (answer.environment !== undefined)
    writeFileSync(join(folder, ".env"), answer.environment, { mode: 0o600 });
  const { ok } = answer.envelope;
  const stdout = `${NOTICE}${JSON.stringify(answer.envelope, null, 2)}\n`;
  return { status: ok ? 0 : 1, stdout };
}

async function askSandbox(
  path: string,
  question: CliQuestion,
  { url, login }: { readonly url: string; readonly login: string },
): Promise<CliAnswer | undefined> {
  try {
    const response = await fetch(`${url}/orchestrator/stripe-projects/cli/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${login}`, "content-type": "application/json" },
      body: JSON.stringify(question),
    });
    if (response.status >= 500) {
      const error = { code: "UNKNOWN_ERROR", details: {}, message: "500 Internal Server Error" };
      return { envelope: { ok: false, command: `projects ${path}`, version: "0.1", error } };
    }
    const answer = (await response.json()) as Partial<CliAnswer>;
    return answer.envelope === undefined ? undefined : (answer as CliAnswer);
  } catch {
    return undefined;
  }
}

function projectFile(folder: string): string {
  return join(folder, ".projects", "state.json");
}

function readProject(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(projectFile(folder), "utf8")) as { readonly id: string }).id;
  } catch {
    return undefined;
  }
}

function writeProject(folder: string, id: string): void {
  mkdirSync(join(folder, ".projects"), { recursive: true });
  writeFileSync(projectFile(folder), JSON.stringify({ version: 1, id }));
}
