// warm-bundle.mjs <bundle> <command> <...>: runs a bundle's command once and keeps the code of all functions that it called.
import { renameSync, writeFileSync } from "node:fs";
import { codeFile } from "./find-bundle.mjs";
import { loadBundle, startBundle } from "./run-bundle.mjs";

const [node, , bundle, ...args] = process.argv;
process.argv = [node, bundle, ...args];
const script = loadBundle(bundle);
process.once("exit", () => {
  // Whole or not at all: V8 does not see that code was cut off.
  const draft = `${codeFile(bundle)}.draft`;
  writeFileSync(draft, script.createCachedData(), { flush: true });
  renameSync(draft, codeFile(bundle));
});
await startBundle(script);
