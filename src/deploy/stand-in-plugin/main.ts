/** Entry of the stand-in plugins: the engine starts it with the name of a package, reads the port from the first line and speaks gRPC to it. */
import { readFileSync } from "node:fs";
import { PREVIEWED_PLUGINS, type PreviewedPackage } from "../engine.ts";
import { createCloudflareStandIn } from "./cloudflare-stand-in.ts";
import { createDockerStandIn } from "./docker/docker-stand-in.ts";
import { createNetlifyProvider } from "./netlify/netlify-provider.ts";
import { npmPackage } from "./npm-package.ts";
import { createPreviewingStandIn } from "./previewing-stand-in.ts";
import { serveProvider } from "./serve-provider.ts";
import type { StandIn } from "./stand-in.ts";

const { dependencies, version } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly version: string;
};
const STAND_INS: Readonly<Record<string, (version: string) => StandIn>> = {
  cloudflare: createCloudflareStandIn,
  docker: createDockerStandIn,
  // Its classes are our own package's.
  netlify: () => createNetlifyProvider(version),
};
const name = process.argv[2] ?? "";
const standIn = createStandIn(dependencies[npmPackage(name)] ?? "0.0.0");

process.stdout.write(`${await serveProvider(standIn, readUnfinished())}\n`);

// A plugin whose engine was killed is of no use to anybody.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 500);

function createStandIn(asked: string): StandIn {
  if (Object.hasOwn(PREVIEWED_PLUGINS, name))
    return createPreviewingStandIn(name as PreviewedPackage, asked);
  const create = STAND_INS[name];
  if (create === undefined) throw new Error(`no stand-in plays ${name}`);
  return create(asked);
}

/** `SUPERCARGO_UNFINISHED`: a JSON list of URNs. */
function readUnfinished(): ReadonlySet<string> {
  try {
    const urns: unknown = JSON.parse(process.env.SUPERCARGO_UNFINISHED ?? "[]");
    return new Set(Array.isArray(urns) ? urns.map(String) : []);
  } catch {
    return new Set();
  }
}
