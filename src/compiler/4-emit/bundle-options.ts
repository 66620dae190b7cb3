import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import type { BundleTarget, SiteTarget } from "../../adapters/vendors/contract.ts";
import { SCHEDULED_PATH } from "./scheduled-path.ts";

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
  vercel: (app) => `
    import app from ${app};
    import { handleVercel } from ${runtimeFile("handle-vercel.ts")};
    import { handleVercelQueue } from ${runtimeFile("handle-vercel-queue.ts")};
    export default handleVercel(app, ${JSON.stringify(SCHEDULED_PATH)});
    export const queue = handleVercelQueue(app);`,
  netlify: (app) => `
    import app from ${app};
    import { handleNetlify } from ${runtimeFile("handle-netlify.ts")};
    export const { handler, handleQueue, handleSchedule } = handleNetlify(app);`,
};

/** What serves a site's files, which are JSON, as the text of a module. */
const SITE_ENTRIES: Readonly<Record<SiteTarget, (site: string) => string>> = {
  node: (site) => `
    import { serveSite } from ${runtimeFile("serve-site.ts")};
    await serveSite(${site});`,
  google: (site) => `
    import { handleGoogleSite } from ${runtimeFile("handle-google-site.ts")};
    export const { app } = handleGoogleSite(${site});`,
};

/** Packages in CommonJS load Node's modules with a function that ES modules don't have. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/** What is asked of every bundle: one ES module in memory, the same bytes everywhere. Minified, because only then the text holds no path. */
const EVERY = {
  outfile: "bundle.mjs",
  write: false,
  metafile: true,
  bundle: true,
  minify: true,
  format: "esm",
  charset: "utf8",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".html": "text", ".sql": "text" },
  // A tsconfig.json in some folder above would change the result.
  tsconfigRaw: {},
  logLevel: "silent",
} as const satisfies BuildOptions;

export type BundleOptions = BuildOptions & Pick<typeof EVERY, "write" | "metafile">;

/** esbuild's options for an app. `file` is its entry, absolute. */
export function bundleOptions(target: BundleTarget, file: string, root: string): BundleOptions {
  if (target !== "workers") return nodeOptions(ENTRIES[target](JSON.stringify(file)), root);
  return {
    ...EVERY,
    entryPoints: [file],
    platform: "neutral",
    mainFields: ["browser", "module", "main"],
    conditions: ["workerd", "worker", "browser"],
    target: "es2022",
    external: ["cloudflare:*", "node:*"],
  };
}

/** The options for a site's files, as JSON, with what serves them. */
export function siteOptions(target: SiteTarget, site: string): BundleOptions {
  return nodeOptions(SITE_ENTRIES[target](site), RUNTIME);
}

/** The options for the program that brings data to an app. */
export function moverOptions(): BundleOptions {
  const contents = `
    import { serveMover } from ${runtimeFile("serve-mover.ts")};
    await serveMover();`;
  return nodeOptions(contents, RUNTIME);
}

/** A program for Node, from the text of its first module. */
function nodeOptions(contents: string, resolveDir: string): BundleOptions {
  return {
    ...EVERY,
    stdin: { contents, resolveDir },
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
