import { readFileSync } from "node:fs";
import { bundleReceiptChecker } from "../compiler/4-emit/bundle-receipt-checker.ts";
import type { LogEntry } from "../log/event.ts";
import { logPath } from "../log/read-log.ts";
import { type StoryLine, tellEntry } from "../log/tell-entry.ts";
import { shellPath } from "../util/shell-path.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { askWitness, findLog, type LogQuery } from "./project-log.ts";
import type { Workplace } from "./workplace.ts";
import { type WrittenProof, writeProof } from "./write-proof.ts";

export interface ProveQuery extends LogQuery {
  /** A sequence number, a domain or service, a resource's name, or the first digits of an act's key. */
  readonly what: string | undefined;
  /** File to write; default none, the receipt is in the answer. */
  readonly out?: string | undefined;
  /** File to write the program to that checks receipts, `.cjs`; default none. */
  readonly checker?: string | undefined;
}

/** A receipt and what it takes to check it elsewhere. */
export interface Proof {
  /** The `.tlog-proof` text. */
  readonly receipt: string;
  readonly story: StoryLine;
  readonly logKey: string;
  readonly witnessKey: string;
  /** Where it was written, as the user would write it. */
  readonly file?: string | undefined;
  /** Where the program that checks it was written, as the user would write it. */
  readonly checker?: string | undefined;
}

/** Writes the receipt of one entry, after checking it as a stranger would. */
export async function proveEntry(workplace: Workplace, query: ProveQuery): Promise<Outcome<Proof>> {
  const { out, checker } = query;
  if (checker?.endsWith(".cjs") === false) return refuseName(checker);
  const log = findLog(workplace, query);
  if ("ok" in log) return log;
  const [{ writeReceipt }, { parseNote, parseTreeHead }, { verifyReceipt }] = await Promise.all([
    import("../log/append/write-receipt.ts"),
    import("../log/verify/signed-note.ts"),
    import("../log/verify/verify-receipt.ts"),
  ]);
  const lines = readFileSync(logPath(log.home), "utf8").split("\n");
  const index = findEntry(lines, query.what ?? "");
  if (index === undefined) return refuseUnknown(query.what);
  const entry = lines[index] ?? "";
  const note = parseNote(log.checkpoint ?? "");
  const size = (note === undefined ? undefined : parseTreeHead(note))?.size ?? 0;
  if (index >= size) return refuseUnsealed(index);
  const memory = await askWitness(workplace, query, log);
  const logKey = memory?.logKey ?? log.verifierKey ?? "";
  const witnessKey = memory?.verifierKey ?? "";
  const receipt = tryToWrite(() =>
    writeReceipt({ folder: log.folder, checkpoint: log.checkpoint ?? "", size, index, entry }),
  );
  const report = verifyReceipt(receipt ?? "", { logKey, witnessKeys: [witnessKey] });
  if (receipt === undefined || !report.ok)
    return refuseBroken(report.ok ? undefined : report.reason);
  const bytes = checker === undefined ? undefined : await bundleReceiptChecker();
  const written = writeProof(workplace.cwd, {
    receipt: out === undefined ? undefined : { name: out, text: receipt },
    checker: checker && bytes ? { name: checker, bytes } : undefined,
  });
  if ("ok" in written) return written;
  const story = tellEntry(JSON.parse(entry) as LogEntry);
  return succeed(
    { receipt, story, logKey, witnessKey, ...written },
    { nextSteps: tellChecker(written, `--log-key ${logKey} --witness-key ${witnessKey}`) },
  );
}

/** How the program is used where the receipt is the whole answer. */
function tellChecker({ file, checker }: WrittenProof, keys: string): readonly string[] {
  if (checker === undefined || file !== undefined) return [];
  return [`node ${shellPath(checker)} RECEIPT-FILE ${keys}`];
}

/** The last entry that was meant: for a name or a key, the one that says how it ended. */
function findEntry(lines: readonly string[], what: string): number | undefined {
  const entries = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as LogEntry];
    } catch {
      return [];
    }
  });
  if (/^\d{1,12}$/.test(what)) return Number(what) < entries.length ? Number(what) : undefined;
  if (what === "") return undefined;
  const isMeant = ({ object, resource, intent, lease }: LogEntry): boolean =>
    object === what ||
    resource?.name === what ||
    lease === what ||
    (/^[0-9a-f]{8,64}$/.test(what) && intent?.startsWith(what) === true);
  const meant = entries.filter(isMeant);
  const done = meant.filter((entry) => tellEntry(entry).outcome === "done");
  // What was obtained first is what was paid for; later entries only go on with it.
  const bought = done.find(({ amount }) => amount !== undefined);
  return (bought ?? done.at(-1) ?? meant.at(-1))?.sequence;
}

function tryToWrite(write: () => string): string | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof Error && error.name === "MissingTileError") return undefined;
    throw error;
  }
}

function refuseUnknown(what: string | undefined): Refusal {
  return refuse({
    kind: "usage",
    code: "no-entry",
    message:
      what === undefined
        ? "it is not said which entry to prove"
        : `the log has no entry about ${JSON.stringify(what)}`,
    remedy: "Name a number of `npx supercargo log show`, a domain, a resource or an act's key.",
  });
}

function refuseName(name: string): Refusal {
  return refuse({
    kind: "usage",
    code: "checker-name",
    message: `${JSON.stringify(name)} is no name for the program, which is a CommonJS module`,
    remedy: "Name a file that ends in `.cjs`, such as `check-receipt.cjs`.",
  });
}

function refuseUnsealed(index: number): Refusal {
  return refuse({
    kind: "refused",
    code: "not-sealed",
    message: `entry ${index} is not under a witnessed checkpoint yet`,
    remedy: "Run `npx supercargo up`; what a killed run left is sealed then.",
  });
}

function refuseBroken(reason: string | undefined): Refusal {
  return refuse({
    kind: "refused",
    code: "not-provable",
    message: `no receipt holds: ${reason ?? "the log's tiles are not whole"}`,
    remedy: "Run `npx supercargo log verify`.",
  });
}
