import { CLI } from "./cli-command.ts";
import { measureCommands } from "./measure-command.ts";
import { printTable } from "./print-table.ts";

/** A cold start that does nothing, beside bare Node. */
export function benchCliStart(): void {
  const timings = measureCommands(
    [
      { label: "supercargo --version", argv: [...CLI, "--version"] },
      { label: "node -e 0", argv: [process.execPath, "-e", "0"] },
    ],
    15,
  );
  printTable("cold start", timings, "node -e 0");
}
