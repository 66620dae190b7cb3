import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Guardrails } from "../compiler/1-manifest/guardrails.ts";
import { logFolder } from "../log/read-log.ts";
import type { WitnessMemory } from "../log/witness/recall-witness.ts";
import { GUARDRAILS_FILE } from "./find-project.ts";
import { witnessFolder } from "./open-witness.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { findRoot, ledgerHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";

/** Which log. */
export interface LogQuery {
  /** Default `local`; every other stack is live, and live stacks share one log. */
  readonly stack?: string | undefined;
  /** Default: `guardrails.yaml` in the project's root. It may name the witness. */
  readonly guardrails?: string | undefined;
}

/** A log that is there. */
export interface ProjectLog {
  readonly home: string;
  readonly folder: string;
  /** Undefined while nothing was sealed. */
  readonly checkpoint: string | undefined;
  /** The log's own word for its key. */
  readonly verifierKey: string | undefined;
}

/** Finds the project's log; a refusal when nothing was ever logged. */
export function findLog({ cwd }: Workplace, { stack = "local" }: LogQuery): ProjectLog | Refusal {
  const home = ledgerHome(findRoot(cwd), { live: stack !== "local" });
  const folder = logFolder(home);
  if (!existsSync(folder)) {
    return refuse({
      kind: "usage",
      code: "no-log",
      message: "nothing was logged here yet",
      remedy: "Run this where `npx supercargo up` was run, or name a live stack with `--stack`.",
    });
  }
  const read = (name: string): string | undefined =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined;
  return {
    ...{ home, folder, checkpoint: read("checkpoint") },
    verifierKey: read("verifier-key")?.trim(),
  };
}

/** What the log's witness remembers: the one that the guardrails name, or else this machine's. Undefined when it does not answer or never met the log. */
export async function askWitness(
  workplace: Workplace,
  query: LogQuery,
  { checkpoint = "", verifierKey = "" }: ProjectLog,
): Promise<WitnessMemory | undefined> {
  const { recallWitness, queryWitness } = await import("../log/witness/recall-witness.ts");
  const outside = await readWitnessTerms(workplace, query);
  if (outside === undefined) {
    const [origin = ""] = verifierKey.split("+");
    return recallWitness(witnessFolder(workplace), origin);
  }
  const { postCheckpoint } = await import("../log/witness/ask-witness.ts");
  const { url, key } = outside;
  const size = Number(checkpoint.split("\n")[1] ?? 0);
  const link = { verifierKey: key, addCheckpoint: (body: string) => postCheckpoint({ url }, body) };
  return (await queryWitness(link, checkpoint, size)) ?? { verifierKey: key };
}

/** The witness that the guardrails name. Guardrails with errors name none here: other commands show them. */
async function readWitnessTerms(
  { cwd }: Workplace,
  { guardrails }: LogQuery,
): Promise<Guardrails["witness"]> {
  const path = guardrails ?? join(findRoot(cwd), GUARDRAILS_FILE);
  if (!existsSync(path)) return undefined;
  const { readGuardrails } = await import("../compiler/1-manifest/read-guardrails.ts");
  const source = { path, bytes: readFileSync(path) };
  return readGuardrails(source, { report: () => undefined })?.witness;
}
