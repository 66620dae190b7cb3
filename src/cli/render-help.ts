import type { Command, OptionSpec } from "./command.ts";
import { COMMAND_TABLE } from "./command-table.ts";
import { GLOBAL_OPTIONS } from "./parse-call.ts";

/** Lists the commands. */
export async function renderOverview(version: string): Promise<string> {
  const commands = await Promise.all(Object.values(COMMAND_TABLE).map((load) => load()));
  return [
    `supercargo ${version}: cloud services for software agents, within a budget`,
    "",
    "Usage: supercargo <command> [arguments] [--json] [--help]",
    "",
    "Commands:",
    ...alignRows(commands.map(({ default: { name, summary } }) => [name, summary])),
    "",
    "`supercargo <command> --help` tells more about one. Every command answers with one JSON object after --json.",
    "Exit codes: 0 done, 1 input or policy says no, 2 wrong usage, 3 a human is needed, 4 a provider or the engine failed, 70 a bug.",
    "",
  ].join("\n");
}

/** Help of one command. */
export function renderCommandHelp(command: Command): string {
  const options = Object.entries<OptionSpec>({ ...command.options, ...GLOBAL_OPTIONS });
  const usage = [
    command.name,
    ...command.arguments.map(({ name, choices }) => `[${choices?.join("|") ?? name}]`),
    "[options]",
  ].join(" ");
  const lines = [
    `supercargo ${command.name}: ${command.summary}`,
    "",
    `Usage: supercargo ${usage}`,
  ];
  if (command.details !== "") lines.push("", command.details);
  if (command.arguments.length > 0) {
    lines.push("", "Arguments:");
    lines.push(...alignRows(command.arguments.map(({ name, summary }) => [name, summary])));
  }
  lines.push(
    "",
    "Options:",
    ...alignRows(options.map(([name, spec]) => [nameOption(name, spec), spec.summary])),
  );
  return `${lines.join("\n")}\n`;
}

function nameOption(name: string, { kind, placeholder }: OptionSpec): string {
  return kind === "flag" ? `--${name}` : `--${name} ${placeholder ?? "TEXT"}`;
}

function alignRows(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([head]) => head.length));
  return rows.map(([head, text]) => `  ${head.padEnd(width)}  ${text}`);
}
