import pg from "pg";
import type { ProgramInput, RunningProgram } from "../program.ts";

/** `psql --file=...` against another container: plain SQL, `\getenv` and variables in single quotes, which is all that our stacks use. */
export async function runPsql(input: ProgramInput): Promise<RunningProgram> {
  const file = input.container.command
    .find((arg) => arg.startsWith("--file="))
    ?.slice("--file=".length);
  const text = file === undefined ? undefined : input.readFile(file);
  if (text === undefined) throw new Error("psql is only run with a file");
  const ended = execute(input, text).then(
    () => 0,
    () => 3,
  );
  return { ready: ended.then(() => undefined), ended, stop: async () => void (await ended) };
}

async function execute({ env, findPort }: ProgramInput, text: string): Promise<void> {
  const client = new pg.Client({
    host: "127.0.0.1",
    port: findPort(env.PGHOST ?? ""),
    user: env.PGUSER,
    password: env.PGPASSWORD,
    database: env.PGDATABASE,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(substitute(client, text, env));
  } finally {
    await client.end().catch(() => undefined);
  }
}

function substitute(
  client: pg.Client,
  text: string,
  env: Readonly<Record<string, string>>,
): string {
  const variables = new Map<string, string>();
  const lines = text.split("\n").filter((line) => {
    const [, variable, source] = /^\\getenv (\w+) (\w+)$/.exec(line) ?? [];
    if (variable === undefined || source === undefined) return true;
    variables.set(variable, env[source] ?? "");
    return false;
  });
  return lines
    .join("\n")
    .replace(/:'(\w+)'/g, (_, name: string) => client.escapeLiteral(variables.get(name) ?? ""));
}
