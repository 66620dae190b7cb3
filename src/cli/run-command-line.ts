import { readFileSync } from "node:fs";
import type { Outcome } from "../index.ts";
import type { Answer, Command } from "./command.ts";
import { COMMAND_TABLE } from "./command-table.ts";
import { renderEnvelope, wrapOutcome } from "./envelope.ts";
import { EXIT_CODES, exitCodeOf } from "./exit-code.ts";
import { type Interruption, watchInterruption } from "./interruption.ts";
import { type ParsedCall, parseCall, type UsageError } from "./parse-call.ts";
import { createProgress } from "./progress.ts";
import { renderCommandHelp, renderOverview } from "./render-help.ts";
import { renderNotes } from "./render-outcome.ts";
import { createPaint, type Paint } from "./style.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

interface Session {
  readonly terminal: Terminal;
  readonly paint: Paint;
  readonly version: string;
  readonly json: boolean;
}

/** Runs one command line (without program name) and answers with its exit code. Never throws. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  const session: Session = {
    terminal,
    paint: createPaint(terminal.colors),
    version: readVersion(),
    json: args.includes("--json"),
  };
  const index = args.findIndex((arg) => !arg.startsWith("-"));
  const name = args[index] ?? "";
  const rest = args.filter((_, position) => position !== index);
  const interruption = watchInterruption(Date.now);
  try {
    if (index < 0 || name === "help") return await answerWithoutCommand(session, rest);
    const load = Object.hasOwn(COMMAND_TABLE, name) ? COMMAND_TABLE[name] : undefined;
    if (load === undefined) {
      const known = Object.keys(COMMAND_TABLE);
      const message = `unknown command \`${name}\``;
      return await refuseUsage(session, "", { message, unknown: { word: name, known } });
    }
    return await runCommand(session, (await load()).default, rest, interruption);
  } catch (error) {
    const stopped = interruption.exitCode();
    return stopped === undefined
      ? await reportBug(session, name, error)
      : await reportStop(session, name, stopped);
  }
}

async function answerWithoutCommand(session: Session, args: readonly string[]): Promise<number> {
  const [first] = args.filter((arg) => arg !== "--json");
  if (first === "--version" || first === "-V") {
    if (session.json) printOutcome(session, "version", { version: session.version });
    else session.terminal.out(`${session.version}\n`);
    return EXIT_CODES.done;
  }
  const load = Object.hasOwn(COMMAND_TABLE, first ?? "") ? COMMAND_TABLE[first ?? ""] : undefined;
  if (load !== undefined) return printHelp(session, renderCommandHelp((await load()).default));
  if (first === undefined || first === "--help" || first === "-h") {
    return printHelp(session, await renderOverview(session.version));
  }
  const known = first.startsWith("-")
    ? ["--help", "--version", "--json"]
    : Object.keys(COMMAND_TABLE);
  const what = first.startsWith("-") ? "option" : "command";
  return refuseUsage(session, "", {
    message: `unknown ${what} \`${first}\``,
    unknown: { word: first, known },
  });
}

function printHelp(session: Session, text: string): number {
  if (session.json) printOutcome(session, "help", { text });
  else session.terminal.out(text);
  return EXIT_CODES.done;
}

function printOutcome(session: Session, command: string, data: unknown): void {
  const outcome = { ok: true as const, data, diagnostics: [], warnings: [], nextSteps: [] };
  printEnvelope(session, command, outcome);
}

function printEnvelope(session: Session, command: string, outcome: Outcome<unknown>): void {
  const envelope = wrapOutcome(command, session.version, outcome);
  session.terminal.out(renderEnvelope(envelope));
}

async function runCommand(
  session: Session,
  command: Command,
  args: readonly string[],
  interruption: Interruption,
): Promise<number> {
  const parsed = parseCall(command, args);
  if ("message" in parsed) return refuseUsage(session, command.name, parsed);
  if (parsed.flags.has("help")) return printHelp(session, renderCommandHelp(command));
  const answer = await execute(session, command, parsed, interruption);
  const stopped = interruption.exitCode();
  if (stopped !== undefined && !answer.outcome.ok) {
    return reportStop(session, command.name, stopped);
  }
  await present(session, command.name, answer);
  return exitCodeOf(answer.outcome);
}

async function execute(
  { terminal, paint, json }: Session,
  command: Command,
  parsed: ParsedCall,
  interruption: Interruption,
): Promise<Answer> {
  const isStory = command.story === true && !json;
  const progress = createProgress(
    isStory ? { ...terminal, err: terminal.out } : terminal,
    paint,
    Date.now,
  );
  try {
    return await command.run({
      ...parsed,
      json,
      colors: terminal.colors,
      interactive: terminal.interactive,
      workplace: {
        cwd: process.cwd(),
        env: process.env,
        progress,
        signal: interruption.signal,
      },
    });
  } finally {
    progress.stop();
  }
}

async function present(session: Session, command: string, answer: Answer): Promise<void> {
  if (session.json) return printEnvelope(session, command, answer.outcome);
  if (answer.outcome.ok && answer.text !== "") {
    session.terminal.out(answer.text.endsWith("\n") ? answer.text : `${answer.text}\n`);
  }
  const isShown = answer.hasShownFindings === true && answer.outcome.ok;
  const told = isShown ? { ...answer.outcome, diagnostics: [] } : answer.outcome;
  session.terminal.err(await renderNotes(told, session.paint));
}

async function refuseUsage(session: Session, command: string, error: UsageError): Promise<number> {
  const { didYouMean, refuse } = await import("../index.ts");
  const guess = error.unknown && didYouMean(error.unknown.word, error.unknown.known);
  const help = command === "" ? "supercargo --help" : `supercargo ${command} --help`;
  const outcome = refuse({
    kind: "usage",
    code: "wrong-usage",
    message: error.message,
    remedy: guess === undefined ? `See \`${help}\`.` : `Did you mean \`${guess}\`?`,
  });
  await present(session, command, { outcome, text: "" });
  return exitCodeOf(outcome);
}

async function reportStop(session: Session, command: string, code: number): Promise<number> {
  const failure = {
    code: "interrupted",
    message: "stopped on request; what was started is stopped too",
  };
  await presentFailure(session, command, failure);
  return code;
}

async function reportBug(session: Session, command: string, error: unknown): Promise<number> {
  const message = error instanceof Error ? error.message : String(error);
  const debug = (process.env.SUPERCARGO_DEBUG ?? "") !== "";
  await presentFailure(session, command, {
    code: "bug",
    message: `this is a bug in supercargo: ${message.split("\n", 1)[0]}`,
    remedy: debug ? undefined : "Set SUPERCARGO_DEBUG=1 to see where it happened.",
  });
  if (debug && error instanceof Error) session.terminal.err(`${error.stack}\n`);
  return EXIT_CODES.bug;
}

/** For failures that are no outcome of an operation, so that nothing of ours needs to be loaded to tell them. */
async function presentFailure(
  session: Session,
  command: string,
  failure: {
    readonly code: string;
    readonly message: string;
    readonly remedy?: string | undefined;
  },
): Promise<void> {
  const outcome: Outcome<unknown> = {
    ok: false,
    failure: { kind: "remote", ...failure },
    diagnostics: [],
    warnings: [],
    nextSteps: [],
  };
  await present(session, command, { outcome, text: "" });
}

function readVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
