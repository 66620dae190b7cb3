import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Before anything else is loaded, so that all of it is cached; a second start then reads compiled code.
enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/node-compile"));
// A reader that has seen enough (`supercargo status | head -1`) is no failure of ours.
process.stdout.on("error", () => process.exit());

const { runCommandLine } = await import("./run-command-line.ts");
const code = await runCommandLine(process.argv.slice(2));
// Written text first, then the end: a socket that is still open must not keep the command alive.
process.stderr.write("", () => process.stdout.write("", () => process.exit(code)));
