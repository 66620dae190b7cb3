/**
 * Checks a receipt without the rest of Supercargo: `node check-receipt.ts FILE --log-key KEY --witness-key KEY [--quorum N]`. It loads nothing but this folder and Node
 * itself. Prints the entry and ends with 0, or a reason and ends with 1.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { verifyReceipt } from "./verify-receipt.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "log-key": { type: "string", default: "" },
    "witness-key": { type: "string", multiple: true, default: [] },
    quorum: { type: "string", default: "1" },
  },
});
const report = verifyReceipt(readFileSync(positionals[0] ?? "/dev/stdin", "utf8"), {
  logKey: values["log-key"],
  witnessKeys: values["witness-key"],
  quorum: Number(values.quorum),
});
if (report.ok) {
  const { entry, index, size, origin, witnesses } = report;
  const seen = witnesses.map(({ name, at }) => `${name} at ${at}`).join(", ");
  process.stdout.write(`${entry}\nentry ${index} of ${size} in ${origin}, seen by ${seen}\n`);
} else {
  process.stderr.write(`the receipt does not hold: ${report.reason}\n`);
  process.exitCode = 1;
}
