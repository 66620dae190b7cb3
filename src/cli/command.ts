import type { Outcome, Workplace } from "../index.ts";

/** One option of a command, `--name`. */
export interface OptionSpec {
  /** A flag is there or not; a text takes the next argument. */
  readonly kind: "flag" | "text";
  readonly summary: string;
  /** What stands for the value in help, e.g. `DIR`. */
  readonly placeholder?: string | undefined;
  /** The only values that a text may have. */
  readonly choices?: readonly string[] | undefined;
}

/** One positional argument, always optional. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  /** The only values allowed. */
  readonly choices?: readonly string[] | undefined;
}

/** What the user typed after the command's name, checked against its declaration. */
export interface Call {
  readonly workplace: Workplace;
  /** By position. */
  readonly arguments: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, string>;
  /** Both standard input and output are terminals: a person is there. */
  readonly interactive: boolean;
  /** The answer goes to a program, not to a person. */
  readonly json: boolean;
  /** Text may hold colour codes. */
  readonly colors: boolean;
}

/** What a command answers: the outcome, and the same in words. `text` is shown on success only and may be empty. */
export interface Answer {
  readonly outcome: Outcome<unknown>;
  readonly text: string;
  /** The findings were shown already, as part of the review. */
  readonly hasShownFindings?: boolean | undefined;
}

/** One command; each file of `commands/` declares one. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More for `--help`, may be empty. */
  readonly details: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Its progress is what people came for, so it goes to standard output, except with --json. */
  readonly story?: boolean | undefined;
  run(call: Call): Promise<Answer>;
}
