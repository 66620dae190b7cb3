import type { Artifact } from "../../adapters/vendors/contract.ts";
import { digestFiles } from "../../util/digest-files.ts";
import type { BuildContext, BuiltArtifact } from "./built-artifact.ts";
import { bundleApp } from "./bundle-app.ts";
import { copyFolder } from "./copy-folder.ts";
import { SCHEDULED_PATH } from "./scheduled-path.ts";

/** A file below `.vercel/output`. */
type OutputFile = BuiltArtifact["files"][number];

/** How Vercel starts the app's function (Build Output API, "Primitives"). */
const FUNCTION = {
  runtime: "nodejs24.x",
  handler: "index.mjs",
  launcherType: "Nodejs",
  shouldAddHelpers: false,
  supportsResponseStreaming: true,
};

/**
 * Lays a deployment out as Vercel's Build Output API wants it (https://vercel.com/docs/build-output-api), below `.vercel/output` of the artifact's folder. The same sources
 * give the same bytes. Undefined, with the errors reported, when the app does not build or the folder cannot be published.
 */
export async function buildVercelOutput(
  artifact: Artifact & { readonly kind: "vercel-output" },
  context: BuildContext,
): Promise<BuiltArtifact | undefined> {
  const { name, source, content } = artifact;
  const files =
    content.kind === "app"
      ? await layOutApp({ name, source, ...content }, context)
      : await layOutSite({ name, source, ...content }, context);
  if (files === undefined) return undefined;
  const digest = digestFiles(files);
  const path = `build/${name}.${digest.slice(0, 16)}`;
  return {
    ...{ name, kind: "vercel-output", path, sha256: digest },
    files: files.map((file) => ({ ...file, path: `${path}/.vercel/output/${file.path}` })),
  };
}

/** One function that gets every request. */
async function layOutApp(
  app: {
    readonly name: string;
    readonly source: string;
    readonly entry: string;
    readonly schedules: readonly string[];
  },
  context: BuildContext,
): Promise<readonly OutputFile[] | undefined> {
  const { name, source, entry, schedules } = app;
  const bundle = { kind: "bundle", target: "vercel", name, source, entry } as const;
  const [module] = (await bundleApp(bundle, context))?.files ?? [];
  if (module === undefined) return undefined;
  const config = {
    version: 3,
    routes: [{ handle: "filesystem" }, { src: "/(.*)", dest: "/app" }],
    ...(schedules.length > 0 && {
      crons: schedules.map((schedule) => ({ path: SCHEDULED_PATH, schedule })),
    }),
  };
  return [
    jsonFile("config.json", config),
    jsonFile("functions/app.func/.vc-config.json", FUNCTION),
    { path: "functions/app.func/index.mjs", bytes: module.bytes },
  ];
}

/** The files as they are, with `/a` for `a.html` as everywhere else; Vercel finds the `index.html` of a folder by itself. */
async function layOutSite(
  site: { readonly name: string; readonly source: string; readonly spa: boolean },
  context: BuildContext,
): Promise<readonly OutputFile[] | undefined> {
  const { name, source, spa } = site;
  const folder = await copyFolder({ kind: "directory", name, source }, context);
  if (folder === undefined) return undefined;
  const files = folder.files.map(({ path, bytes }) => ({
    path: path.slice(folder.path.length + 1),
    bytes,
  }));
  const paths = new Set(files.map(({ path }) => path));
  const config = {
    version: 3,
    routes: [
      { handle: "filesystem" },
      // As a rewrite of `vercel.json` is written here: where there is no such file, the next route has its turn.
      { src: "/(.+)", dest: "/$1.html", check: true },
      ...lostRoutes(paths, spa),
    ],
  };
  return [
    jsonFile("config.json", config),
    ...files.map(({ path, bytes }) => ({ path: `static/${path}`, bytes })),
  ];
}

/** What becomes of a request for what is not there. */
function lostRoutes(paths: ReadonlySet<string>, spa: boolean): readonly object[] {
  if (spa && paths.has("index.html")) return [{ src: "/(.*)", dest: "/index.html" }];
  if (!paths.has("404.html")) return [];
  return [{ handle: "error" }, { src: "/(.*)", status: 404, dest: "/404.html" }];
}

function jsonFile(path: string, value: object): OutputFile {
  return { path, bytes: new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`) };
}
