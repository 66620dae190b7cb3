// warm-bundle.mjs <bundle> <command> <...>: runs a bundle's command once and keeps the code of all functions that it called.
import { writeFileSync } from "node:fs";
import { codeFile } from "./find-bundle.mjs";
import { loadBundle, startBundle } from "./run-bundle.mjs";

const [node, , bundle, ...args] = process.argv;
process.argv = [node, bundle, ...args];
const script = loadBundle(bundle);
process.once("exit", () => {
  writeFileSync(codeFile(bundle), script.createCachedData(), { flush: true });
});
await startBundle(script);
