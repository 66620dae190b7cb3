/**
 * Runs a witness as a process of its own: `node serve-witness.ts --folder <folder> --socket <path> [--log <verifier key>]...`.
 *
 * Prints one line on standard output, `{"ready":true,"verifierKey":...}` or `{"ready":false,"code":...}`. Ends when its standard input closes, which happens when
 * the parent is gone, however it went; Ctrl-C on the parent's terminal does not end it before the parent is done with it.
 */
import { parseArgs } from "node:util";
import { startWitness, WitnessStartError } from "./start-witness.ts";

const { values } = parseArgs({
  options: {
    folder: { type: "string", default: "" },
    socket: { type: "string", default: "" },
    log: { type: "string", multiple: true, default: [] },
  },
});

function tell(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

process.stdin
  .once("end", () => process.exit(0))
  .once("error", () => process.exit(0))
  .resume();
process.on("SIGINT", () => undefined);
try {
  const { folder, socket, log } = values;
  const { verifierKey } = await startWitness({
    ...{ folder, logs: log, now: Date.now, place: { socket } },
  });
  tell({ ready: true, verifierKey });
} catch (error) {
  tell({ ready: false, code: error instanceof WitnessStartError ? error.code : "start-failed" });
  process.exitCode = 1;
  process.stdin.destroy();
}
