/** Entry of the stand-in plugin: the engine starts it, reads the port from the first line and speaks gRPC to it. */
import { readFileSync } from "node:fs";
import { serveProvider } from "./serve-provider.ts";

const { dependencies } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const version = dependencies["@pulumi/cloudflare"] ?? "0.0.0";

process.stdout.write(`${await serveProvider(version, readUnfinished())}\n`);

// A plugin whose engine was killed is of no use to anybody.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 500);

/** `SUPERCARGO_UNFINISHED`: a JSON list of URNs. */
function readUnfinished(): ReadonlySet<string> {
  try {
    const urns: unknown = JSON.parse(process.env.SUPERCARGO_UNFINISHED ?? "[]");
    return new Set(Array.isArray(urns) ? urns.map(String) : []);
  } catch {
    return new Set();
  }
}
