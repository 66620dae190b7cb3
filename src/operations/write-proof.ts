import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { showPath } from "./find-project.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** Files to write, by the names that the user gave them. */
export interface ProofFiles {
  readonly receipt?: { readonly name: string; readonly text: string } | undefined;
  readonly checker?: { readonly name: string; readonly bytes: Uint8Array } | undefined;
}

/** Where they were written, as the user would write it. */
export interface WrittenProof {
  readonly file?: string | undefined;
  readonly checker?: string | undefined;
}

/** `there`: the file had these bytes already. */
type Written = "written" | "there";

/** What the disk may say to a name that somebody chose. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  EISDIR: "it is a folder",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "it may not be written",
  ELOOP: "its links lead nowhere",
  ENAMETOOLONG: "its name is too long",
  ENOSPC: "the disk is full",
};

/**
 * Writes a receipt and the program that checks it. The program takes the place of no other file, and the receipt not that of the program. Where one of the two is
 * refused, no new program is left behind.
 */
export function writeProof(cwd: string, { receipt, checker }: ProofFiles): WrittenProof | Refusal {
  const [to, beside] = [receipt, checker].map((one) => one && resolve(cwd, one.name));
  if (receipt !== undefined && to === beside) return refuseSameFile(receipt.name);
  const made = checker && writeChecker(resolve(cwd, checker.name), checker);
  if (typeof made === "object") return made;
  if (receipt !== undefined) {
    const path = resolve(cwd, receipt.name);
    const refused = tryToWrite(receipt.name, () => {
      // Two names may lead to one file.
      if (checker !== undefined && isSameFile(path, resolve(cwd, checker.name)))
        return refuseSameFile(receipt.name);
      writeFileSync(path, receipt.text);
      return "written";
    });
    if (typeof refused === "object") {
      if (checker !== undefined && made === "written") rmSync(resolve(cwd, checker.name));
      return refused;
    }
  }
  const show = (name: string | undefined) => name && showPath(cwd, resolve(cwd, name));
  return { file: show(receipt?.name), checker: show(checker?.name) };
}

/** Says no to one file for both. */
function refuseSameFile(name: string): Refusal {
  return refuse({
    kind: "usage",
    code: "same-file",
    message: `the receipt and the program that checks it would be one file, ${JSON.stringify(name)}`,
    remedy: "Name another file with `--out`.",
  });
}

function writeChecker(
  path: string,
  { name, bytes }: NonNullable<ProofFiles["checker"]>,
): Written | Refusal {
  return tryToWrite(name, () => {
    try {
      writeFileSync(path, bytes, { flag: "wx" });
      return "written";
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      return holds(path, bytes) ? "there" : refuseOther(name);
    }
  });
}

/** Whether a file has these bytes already. A link that leads nowhere has none. */
function holds(path: string, bytes: Uint8Array): boolean {
  const about = statSync(path, { throwIfNoEntry: false });
  if (about?.isFile() !== true || about.size !== bytes.byteLength) return false;
  return readFileSync(path).equals(bytes);
}

function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

function tryToWrite(name: string, write: () => Written | Refusal): Written | Refusal {
  try {
    return write();
  } catch (error) {
    const reason = REASONS[codeOf(error)];
    if (reason === undefined) throw error;
    return refuse({
      kind: "usage",
      code: "not-written",
      message: `${JSON.stringify(name)} cannot be written: ${reason}`,
      remedy: "Name a file in a folder that exists and that you may write to.",
    });
  }
}

function refuseOther(name: string): Refusal {
  return refuse({
    kind: "usage",
    code: "file-exists",
    message: `there is another file at ${JSON.stringify(name)} already, and the program takes the place of none`,
    remedy: "Name a file that does not exist yet, or remove that one.",
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
