import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { witnessFolder } from "./open-witness.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";

export interface WitnessQuery {
  /** `host:port` to listen on, default 127.0.0.1:4710. */
  readonly listen?: string | undefined;
  /** File with the verifier keys of logs to know, one a line. Default: those known already. */
  readonly logs?: string | undefined;
  /** Folder of key and memory, default this machine's own witness. */
  readonly folder?: string | undefined;
}

/** A witness that answers. */
export interface WitnessState {
  /** Submission prefix, for `witness.url` of the guardrails. */
  readonly url: string;
  /** For `witness.key` of the guardrails. */
  readonly key: string;
  readonly folder: string;
}

/** Runs a witness for other machines in this process until the workplace's signal; `onReady` is told where it answers. */
export async function serveLogWitness(
  workplace: Workplace,
  query: WitnessQuery,
  onReady: (state: WitnessState) => void,
): Promise<Outcome<WitnessState>> {
  const place = readPlace(query.listen ?? "127.0.0.1:4710");
  const logs = readKeys(workplace, query.logs);
  if ("ok" in place) return place;
  if ("ok" in logs) return logs;
  const { startWitness, WitnessStartError } = await import("../log/witness/start-witness.ts");
  const folder =
    query.folder === undefined ? witnessFolder(workplace) : resolve(workplace.cwd, query.folder);
  try {
    const { url, verifierKey, close } = await startWitness({ folder, place, logs, now: Date.now });
    const state = { url, key: verifierKey, folder };
    onReady(state);
    await new Promise<void>((end) => {
      if (workplace.signal.aborted) end();
      workplace.signal.addEventListener("abort", () => end(), { once: true });
    });
    await close();
    return succeed(state);
  } catch (error) {
    if (error instanceof WitnessStartError) return refuseStart(error.code);
    if (typeof (error as { readonly syscall?: unknown }).syscall === "string")
      return refuseStart("start-failed");
    throw error;
  }
}

function readPlace(text: string): { readonly host: string; readonly port: number } | Refusal {
  const [, host = "", port = ""] = /^(\[[0-9a-f:]+\]|[^\s:]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === "" || Number(port) > 65_535) {
    return refuse({
      kind: "usage",
      code: "wrong-usage",
      message: "`--listen` needs a host and a port, such as 127.0.0.1:4710",
    });
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function readKeys({ cwd }: Workplace, file: string | undefined): readonly string[] | Refusal {
  if (file === undefined) return [];
  const path = resolve(cwd, file);
  if (!existsSync(path)) {
    return refuse({
      kind: "usage",
      code: "unreadable-file",
      message: `there is no list of log keys at ${file}`,
      remedy: "Put the line of each log's `.supercargo/log/verifier-key` into one file.",
    });
  }
  return readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

const REASONS = {
  "key-damaged": "its key file `witness.key` cannot be read",
  "key-exposed": "its key file `witness.key` can be read by other users",
  "bad-log-key": "one of the log keys is none",
  "start-failed": "its folder or its address cannot be used",
} as const;

function refuseStart(code: keyof typeof REASONS): Refusal {
  return refuse({
    kind: code === "start-failed" ? "remote" : "refused",
    code: `witness-${code}`,
    message: `the witness does not start: ${REASONS[code]}`,
  });
}
