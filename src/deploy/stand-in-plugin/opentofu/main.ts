/** Entry of the stand-in provider `cloudflare` for OpenTofu. */
import { runPlugin } from "../../../tfplugin/run-plugin.ts";
import { createNativeProvider } from "./native-provider.ts";

await runPlugin(createNativeProvider(readUnfinished()));

/** Types in `SUPERCARGO_UNFINISHED`, a JSON list of `cloudflare_queue::outbox`. */
function readUnfinished(): ReadonlySet<string> {
  try {
    const steps: unknown = JSON.parse(process.env.SUPERCARGO_UNFINISHED ?? "[]");
    const list = Array.isArray(steps) ? steps : [];
    return new Set(list.map((step) => String(step).split("::")[0] ?? ""));
  } catch {
    return new Set();
  }
}
