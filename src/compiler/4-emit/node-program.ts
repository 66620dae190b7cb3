import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

/** What is asked of every bundle: its text, and which files went into it. */
export type BundleOptions = BuildOptions & { readonly write: false; readonly metafile: true };

/** A module of `src/runtime`, which programs for Node are bundled with. */
export function runtimeFile(name: string): string {
  return fileURLToPath(new URL(`../../runtime/${name}`, import.meta.url));
}

/** The folder of those modules. */
export const RUNTIME_FOLDER = fileURLToPath(new URL("../../runtime", import.meta.url));

/** How a whole program for Node is bundled: one ES module that needs nothing beside it. Minified, because only then the text holds no path. */
export const NODE_PROGRAM: BundleOptions = {
  outfile: "bundle.mjs",
  write: false,
  metafile: true,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  mainFields: ["module", "main"],
  target: "node24",
  charset: "utf8",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".html": "text", ".sql": "text" },
  // Packages in CommonJS ask for Node's own modules by `require`, which a module does not have.
  banner: {
    js: 'import{createRequire as supercargoRequire}from"node:module";const require=supercargoRequire(import.meta.url);',
  },
  tsconfigRaw: {},
  logLevel: "silent",
};
