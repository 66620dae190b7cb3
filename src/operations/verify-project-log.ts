import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { createDiagnostic } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { CheckpointReport } from "../log/verify/check-checkpoint.ts";
import type { LogFinding } from "../log/verify/log-finding.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { askWitness, findLog, type LogQuery, type ProjectLog } from "./project-log.ts";
import type { Workplace } from "./workplace.ts";

export interface VerifyLogQuery extends LogQuery {
  /** The log's verifier key; default: as the witness first met it, else the log's own word. */
  readonly logKey?: string | undefined;
  /** The witness's verifier key; default: that of the log's witness. */
  readonly witnessKey?: string | undefined;
}

/** A log that is what it always was. */
export interface VerifiedLog {
  readonly folder: string;
  /** Entries that were checked. */
  readonly entries: number;
  /** Entries that are not under a checkpoint yet. */
  readonly unsealed: number;
  readonly checkpoint: CheckpointReport | undefined;
  /** Size of the newest tree that the witness remembers. */
  readonly witnessed: number | undefined;
  readonly verifierKey: string | undefined;
  readonly witnessKey: string | undefined;
  /** The ledger's copy was compared and its books were derived anew, too. */
  readonly ledger: boolean;
}

const FINDINGS_MAX = 20;

/**
 * Derives the whole log anew from its plain files, compares it with the ledger's copy and with what the witness remembers, and derives the ledger's books from its
 * rows and the log. Changes nothing.
 */
export async function verifyProjectLog(
  workplace: Workplace,
  query: VerifyLogQuery,
): Promise<Outcome<VerifiedLog>> {
  const log = findLog(workplace, query);
  if ("ok" in log) return log;
  const [{ verifyLog, verifyLogFolder }, { FINDINGS }] = await Promise.all([
    import("../log/verify/verify-log.ts"),
    import("../log/verify/log-finding.ts"),
  ]);
  const memory = await askWitness(workplace, query, log);
  const trust = {
    logKey: query.logKey ?? memory?.logKey,
    witnessKey: query.witnessKey ?? memory?.verifierKey,
    seen: memory?.seen,
  };
  const hasLedger = existsSync(join(log.home, "ledger.sqlite"));
  const report = hasLedger ? verifyLog(log.home, trust) : verifyLogFolder(log.folder, trust);
  const { findings, size, unsealed, checkpoint } = report;
  if (findings.length > 0) {
    const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
    return refuse(
      {
        kind: "refused",
        code: "log-changed",
        message: `the log was changed, or is not whole: ${count}`,
        remedy: "Buy nothing with it; `.supercargo` of a backup shows what it was.",
        details: {
          findings: findings.map((one) => ({ ...one, what: FINDINGS[one.code] })) as never,
        },
      },
      {
        diagnostics: findings
          .slice(0, FINDINGS_MAX)
          .map((finding) => diagnose(workplace, log, finding, FINDINGS[finding.code])),
      },
    );
  }
  const { checkProjectBooks } = await import("./check-project-books.ts");
  const books = hasLedger ? await checkProjectBooks(log.home) : undefined;
  if (books !== undefined) return books;
  if (trust.witnessKey === undefined && checkpoint !== undefined) {
    return refuse({
      kind: "refused",
      code: "log-unwitnessed",
      message:
        "the log agrees with itself, but no witness here has met it, so whether it was rewritten cannot be told",
      remedy:
        "Run this where the log was written, or name its keys with `--log-key` and `--witness-key`.",
    });
  }
  const warnings = [
    ...(unsealed === 0
      ? []
      : [`${unsealed} entries are not under a checkpoint yet; the next act seals them`]),
    ...(memory?.seen === undefined
      ? ["the witness was not asked, so an older copy of the whole folder would not be noticed"]
      : []),
  ];
  return succeed(
    {
      ...{ folder: log.folder, entries: size, unsealed, checkpoint },
      witnessed: memory?.seen?.size,
      verifierKey: log.verifierKey,
      witnessKey: trust.witnessKey,
      ledger: hasLedger,
    },
    { warnings },
  );
}

/** Where a finding stands: the entry's line, or the file as a whole. */
function diagnose(
  { cwd }: Workplace,
  { folder }: ProjectLog,
  { sequence, file }: LogFinding,
  finding: string,
): Diagnostic {
  const position = { line: (sequence ?? 0) + 1, column: 1 };
  const where = {
    file: relative(cwd, join(folder, file ?? "events.jsonl")),
    path: sequence === undefined ? "" : `[${sequence}]`,
    range: { start: position, end: position },
  };
  return createDiagnostic("SC6001", { finding }, where);
}
