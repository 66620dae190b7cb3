/** Entry of the stand-in provider `cloudflare` for OpenTofu. */
import { readFileSync } from "node:fs";
import { runPlugin } from "../../../tfplugin/run-plugin.ts";
import { createNativeProvider } from "./native-provider.ts";
import { parseUnfinished, type Unfinished } from "./unfinished.ts";

await runPlugin(createNativeProvider(readUnfinished(process.env.SUPERCARGO_UNFINISHED_FILE)));

function readUnfinished(file: string | undefined): readonly Unfinished[] {
  return file === undefined ? [] : parseUnfinished(readFileSync(file, "utf8"));
}
