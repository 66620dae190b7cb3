import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { LogEntry } from "../log/event.ts";
import { type StoryLine, tellEntry } from "../log/tell-entry.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { askWitness, findLog } from "./project-log.ts";
import type { VerifyLogQuery } from "./verify-project-log.ts";
import type { Workplace } from "./workplace.ts";

/** A receipt that holds. */
export interface CheckedReceipt {
  readonly story: StoryLine;
  readonly index: number;
  readonly size: number;
  readonly origin: string;
  readonly witnesses: readonly { readonly name: string; readonly at: string }[];
}

const RECEIPT_BYTES_MAX = 1_048_576;

/** Checks a receipt offline, against the keys that are named or else those of the project's log. */
export async function checkReceiptFile(
  workplace: Workplace,
  query: VerifyLogQuery & { readonly file: string },
): Promise<Outcome<CheckedReceipt>> {
  const path = resolve(workplace.cwd, query.file);
  if (!existsSync(path) || !statSync(path).isFile() || statSync(path).size > RECEIPT_BYTES_MAX) {
    return refuse({
      kind: "usage",
      code: "unreadable-file",
      message: `there is no receipt at ${query.file}`,
      remedy: "Name a file that `npx supercargo log prove` wrote.",
    });
  }
  const { verifyReceipt } = await import("../log/verify/verify-receipt.ts");
  const keys = await findKeys(workplace, query);
  if ("ok" in keys) return keys;
  const report = verifyReceipt(readFileSync(path, "utf8"), {
    logKey: keys.logKey,
    witnessKeys: [keys.witnessKey],
  });
  if (!report.ok) {
    return refuse({
      kind: "refused",
      code: "receipt-invalid",
      message: `the receipt does not hold: ${report.reason}`,
      remedy: "Ask for it again where it came from, and check the keys that were named.",
    });
  }
  const { entry, index, size, origin, witnesses } = report;
  const story = tellEntry(JSON.parse(entry) as LogEntry);
  return succeed({ story, index, size, origin, witnesses });
}

async function findKeys(workplace: Workplace, query: VerifyLogQuery) {
  const { logKey, witnessKey } = query;
  if (logKey !== undefined && witnessKey !== undefined) return { logKey, witnessKey };
  const log = findLog(workplace, query);
  if ("ok" in log) return log;
  const memory = await askWitness(workplace, query, log);
  return {
    logKey: logKey ?? memory?.logKey ?? log.verifierKey ?? "",
    witnessKey: witnessKey ?? memory?.verifierKey ?? "",
  };
}
