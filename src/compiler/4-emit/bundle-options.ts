import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import type { BundleTarget } from "../../adapters/vendors/contract.ts";

/** The room of the entries that call an app where it is no module of Workers; absolute. */
export const RUNTIME = join(import.meta.dirname, "../../runtime");

/** What calls the app, as the text of a module; the entry and the runtime's module stand in for paths. */
const ENTRIES: Readonly<Record<Exclude<BundleTarget, "workers">, (app: string) => string>> = {
  node: (app) => `
    import app from ${app};
    import { serveNode } from ${runtimeFile("serve-node.ts")};
    await serveNode(app);`,
  lambda: (app) => `
    import app from ${app};
    import { handleLambda } from ${runtimeFile("handle-lambda.ts")};
    export const handler = handleLambda(app);`,
  google: (app) => `
    import worker from ${app};
    import { handleGoogle } from ${runtimeFile("handle-google.ts")};
    export const { app, queue, scheduled } = handleGoogle(worker);`,
};

/** Packages in CommonJS load Node's modules with a function that ES modules don't have. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

type TargetOptions = Pick<
  BuildOptions,
  | "banner"
  | "conditions"
  | "entryPoints"
  | "external"
  | "mainFields"
  | "platform"
  | "stdin"
  | "target"
>;

/** esbuild's options that depend on the target. `file` is the app's entry, absolute. */
export function bundleOptions(target: BundleTarget, file: string, root: string): TargetOptions {
  if (target === "workers") {
    return {
      entryPoints: [file],
      platform: "neutral",
      mainFields: ["browser", "module", "main"],
      conditions: ["workerd", "worker", "browser"],
      target: "es2022",
      external: ["cloudflare:*", "node:*"],
    };
  }
  return {
    stdin: { contents: ENTRIES[target](JSON.stringify(file)), resolveDir: root },
    platform: "node",
    mainFields: ["module", "main"],
    // The oldest Node that has `node:sqlite`.
    target: "node22.13",
    // A native driver, which `pg` uses only where an app asks for it.
    external: ["pg-native"],
    banner: { js: REQUIRE },
  };
}

function runtimeFile(name: string): string {
  return JSON.stringify(join(RUNTIME, name));
}
