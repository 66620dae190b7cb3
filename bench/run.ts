/**
 * `npm run bench`: speed beside named peers, one run. Prints versions, load and every figure, losing ones included; it judges nothing.
 * `npm run bench -- ledger policy` runs only those parts: compile, start, ledger, acts, appends, revocation, policy, receipt, log, preview.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { benchActs } from "./bench-acts.ts";
import { benchAppends } from "./bench-appends.ts";
import { benchCliStart } from "./bench-cli-start.ts";
import { benchCompile } from "./bench-compile.ts";
import { benchLedger } from "./bench-ledger.ts";
import { benchLog } from "./bench-log.ts";
import { benchPolicy } from "./bench-policy.ts";
import { benchPreview } from "./bench-preview.ts";
import { benchReceipt } from "./bench-receipt.ts";
import { benchRevocation } from "./bench-revocation.ts";
import { installPeers } from "./install-peers.ts";

function versionOf(packageFile: string): string {
  const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { version: string };
  return version;
}

const here = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), "supercargo-bench-"));
const only = new Set(process.argv.slice(2));
const wants = (name: string) => only.size === 0 || only.has(name);
const hasPeers = wants("compile");
if (hasPeers) installPeers();

console.log(
  `supercargo ${versionOf(join(here, "../package.json"))}, node ${process.version}, ${process.platform} ${process.arch}`,
);
if (hasPeers)
  console.log(
    `cdktn ${versionOf(join(here, "node_modules/cdktn/package.json"))}, cdk8s ${versionOf(join(here, "node_modules/cdk8s/package.json"))}`,
  );
console.log(
  `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()
    .map((value) => value.toFixed(2))
    .join(" ")}`,
);
console.log(
  `cedar-wasm ${versionOf(join(here, "../node_modules/@cedar-policy/cedar-wasm/package.json"))}, SQLite ${process.versions.sqlite}`,
);
console.log("seconds of wall time per whole process: median (minimum - maximum)\n");
try {
  if (wants("compile")) benchCompile(scratch);
  if (wants("start")) benchCliStart();
  if (wants("ledger")) await benchLedger(scratch);
  if (wants("acts")) await benchActs(scratch);
  if (wants("appends")) await benchAppends(scratch);
  if (wants("revocation")) await benchRevocation(scratch);
  if (wants("policy")) benchPolicy();
  if (wants("receipt")) await benchReceipt(scratch);
  if (wants("log")) await benchLog(scratch);
  if (wants("preview")) await benchPreview(scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
