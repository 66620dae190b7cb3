import { parseArgs } from "node:util";
import type { Command, OptionSpec } from "./command.ts";

/** Options that every command has. */
export const GLOBAL_OPTIONS = {
  json: { kind: "flag", summary: "answer with one JSON object on standard output" },
  help: { kind: "flag", summary: "show this help" },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** A command line, read. */
export interface ParsedCall {
  readonly arguments: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, string>;
}

/** Wrong usage: what is wrong, and the word to compare with the known ones. */
export interface UsageError {
  readonly message: string;
  /** The unknown word and what it could have been. */
  readonly unknown?: { readonly word: string; readonly known: readonly string[] } | undefined;
}

/** Reads what follows the command's name. */
export function parseCall(command: Command, args: readonly string[]): ParsedCall | UsageError {
  const specs: Readonly<Record<string, OptionSpec>> = { ...command.options, ...GLOBAL_OPTIONS };
  const { tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(specs).map(([name, { kind }]) => [
        name,
        name === "help"
          ? { type: "boolean" as const, short: "h" }
          : { type: kind === "flag" ? ("boolean" as const) : ("string" as const) },
      ]),
    ),
  });
  const positionals: string[] = [];
  const flags = new Set<string>();
  const texts = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const problem = takeOption(specs, token, flags, texts);
    if (problem !== undefined) return problem;
  }
  return checkPositionals(command, positionals) ?? { arguments: positionals, flags, texts };
}

function takeOption(
  specs: Readonly<Record<string, OptionSpec>>,
  token: { readonly name: string; readonly rawName: string; readonly value?: string | undefined },
  flags: Set<string>,
  texts: Map<string, string>,
): UsageError | undefined {
  const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
  if (spec === undefined) {
    return {
      message: `unknown option \`${token.rawName}\``,
      unknown: { word: token.rawName, known: Object.keys(specs).map((name) => `--${name}`) },
    };
  }
  if (spec.kind === "flag") {
    if (token.value !== undefined) return { message: `\`${token.rawName}\` takes no value` };
    flags.add(token.name);
    return undefined;
  }
  if (token.value === undefined || token.value === "") {
    return { message: `\`${token.rawName}\` needs a value, ${spec.placeholder ?? "TEXT"}` };
  }
  if (spec.choices !== undefined && !spec.choices.includes(token.value)) {
    return {
      message: `\`${token.rawName}\` is one of ${spec.choices.join(", ")}, not \`${token.value}\``,
      unknown: { word: token.value, known: spec.choices },
    };
  }
  if (texts.has(token.name)) return { message: `\`${token.rawName}\` is given twice` };
  texts.set(token.name, token.value);
  return undefined;
}

function checkPositionals(
  command: Command,
  positionals: readonly string[],
): UsageError | undefined {
  const extra = positionals[command.arguments.length];
  if (extra !== undefined) {
    return { message: `\`${command.name}\` takes no argument \`${extra}\`` };
  }
  for (const [index, value] of positionals.entries()) {
    const choices = command.arguments[index]?.choices;
    if (choices !== undefined && !choices.includes(value)) {
      return {
        message: `\`${command.name}\` has no \`${value}\`, only ${choices.join(", ")}`,
        unknown: { word: value, known: choices },
      };
    }
  }
  return undefined;
}
