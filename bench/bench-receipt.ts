import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleReceiptChecker } from "../src/compiler/4-emit/bundle-receipt-checker.ts";
import { writeReceipt } from "../src/log/append/write-receipt.ts";
import { logFolder, logPath } from "../src/log/read-log.ts";
import { verifyReceipt } from "../src/log/verify/verify-receipt.ts";
import { measureCommands } from "./measure-command.ts";
import { openBenchBroker } from "./open-bench-broker.ts";
import { printTable } from "./print-table.ts";

const ENTRIES = 2_000;
const CHECKS = 200;

/** Offline verification of one receipt out of a witnessed log: within a process, and as the program that a stranger would start. */
export async function benchReceipt(scratch: string): Promise<void> {
  const { receipt, logKey, witnessKey } = await makeReceipt(join(scratch, "receipt"));
  const trust = { logKey, witnessKeys: [witnessKey] };
  const times = Array.from({ length: CHECKS }, () => {
    const start = process.hrtime.bigint();
    const report = verifyReceipt(receipt, trust);
    if (!report.ok) throw new Error(report.reason);
    return Number(process.hrtime.bigint() - start) / 1e6;
  }).toSorted((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (CHECKS - 1))] ?? 0).toFixed(2);
  console.log(
    `verification of a receipt in a process, log of ${ENTRIES} entries, milliseconds: median ${at(0.5)} (p99 ${at(0.99)})\n`,
  );
  const file = join(scratch, "bench.tlog-proof");
  writeFileSync(file, receipt);
  const program = join(scratch, "check-receipt.cjs");
  writeFileSync(program, await bundleReceiptChecker());
  const keys = ["--log-key", logKey, "--witness-key", witnessKey];
  const timings = measureCommands(
    [
      { label: "check-receipt.cjs", argv: [process.execPath, program, file, ...keys] },
      { label: "node -e 0", argv: [process.execPath, "-e", "0"] },
    ],
    15,
  );
  printTable("verification of a receipt as a whole process, seconds", timings, "node -e 0");
}

async function makeReceipt(home: string) {
  const { broker, logKey, witnessKey, close } = await openBenchBroker({ home });
  const notes = Array.from({ length: ENTRIES }, () => broker.noteState("shop", "prod"));
  await Promise.all(notes);
  await close();
  const folder = logFolder(home);
  const checkpoint = readFileSync(join(folder, "checkpoint"), "utf8");
  const size = Number(checkpoint.split("\n")[1]);
  const index = Math.floor(size / 2);
  const entry = readFileSync(logPath(home), "utf8").split("\n")[index] ?? "";
  const receipt = writeReceipt({ folder, checkpoint, size, index, entry });
  return { receipt, logKey, witnessKey };
}
