import { join } from "node:path";
import { CLI } from "./cli-command.ts";
import { ensureBundle } from "./ensure-bundle.ts";
import { measureCommands } from "./measure-command.ts";
import { printTable } from "./print-table.ts";
import { writeBenchManifest } from "./write-bench-manifest.ts";

const PEERS = join(import.meta.dirname, "peers");

/** The sources one by one, as the first command of a clone runs them. */
const SOURCES: readonly [string, ...string[]] = [
  process.execPath,
  join(import.meta.dirname, "../src/cli/main.ts"),
];

/** Manifest on disk to formatted TypeScript on disk, from the bundle and from the sources, beside cdktn and cdk8s synthesising as many resources. */
export function benchCompile(scratch: string): void {
  ensureBundle();
  for (const count of [100, 1_000, 10_000]) {
    const project = writeBenchManifest(join(scratch, `compile-${count}`), count);
    const timings = measureCommands(
      [
        { label: "supercargo compile (bundle)", argv: [...CLI, "compile"], cwd: project },
        { label: "supercargo compile (sources)", argv: [...SOURCES, "compile"], cwd: project },
        {
          label: "cdktn synth",
          argv: [
            process.execPath,
            join(PEERS, "cdktn-synth.mjs"),
            String(count),
            join(scratch, "cdktn"),
          ],
        },
        {
          label: "cdk8s synth",
          argv: [
            process.execPath,
            join(PEERS, "cdk8s-synth.mjs"),
            String(count),
            join(scratch, "cdk8s"),
          ],
        },
      ],
      count === 10_000 ? 3 : 7,
    );
    printTable(`compile ${count.toLocaleString("en")} resources`, timings, "cdktn synth");
  }
}
