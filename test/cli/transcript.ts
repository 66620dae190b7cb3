import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT, runCli } from "../support/run-cli.ts";

/**
 * A transcript is what a person would see: `$ supercargo ...` lines, below each one standard output as it is, standard error with
 * `! ` before each line, and `[exit n]` when it is not 0. Lines that begin with `#` are comments.
 */
export async function replayTranscript(text: string, fixtures: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-transcript-"));
  cpSync(fixtures, folder, { recursive: true });
  try {
    const lines: string[] = [];
    for (const line of text.split("\n")) {
      if (line.startsWith("#") || line === "") lines.push(line);
      if (!line.startsWith("$ supercargo")) continue;
      const words = line.slice("$ supercargo".length).trim();
      const run = await runCli(words === "" ? [] : words.split(" "), { cwd: folder });
      lines.push(line, ...showLines(run.stdout, ""), ...showLines(run.stderr, "! "));
      if (run.code !== 0) lines.push(`[exit ${run.code}]`);
    }
    return `${lines.join("\n").replaceAll(folder, "<folder>").trimEnd()}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function showLines(text: string, mark: string): readonly string[] {
  if (text === "") return [];
  // An empty line would read as the end of a command's output.
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `${mark}${line}`.trimEnd() || ".");
}

/** Compares a transcript file with what happens now; with UPDATE_TRANSCRIPTS=1 the file is rewritten first. */
export async function checkTranscript(
  file: string,
  fixtures: string,
): Promise<{ readonly expected: string; readonly actual: string }> {
  const expected = readFileSync(file, "utf8");
  const actual = await replayTranscript(expected, fixtures);
  if (process.env.UPDATE_TRANSCRIPTS === "1") {
    writeFileSync(file, actual);
    return { expected: actual, actual };
  }
  return { expected, actual };
}

export const TRANSCRIPTS = join(PROJECT_ROOT, "test/cli/transcripts");
export const FIXTURES = join(PROJECT_ROOT, "test/cli/fixtures");
