import type { Artifact } from "../../adapters/vendors/contract.ts";
import { digestFiles } from "../../util/digest-files.ts";
import type { BuildContext, BuiltArtifact } from "./built-artifact.ts";
import { bundleApp } from "./bundle-app.ts";
import { copyFolder } from "./copy-folder.ts";
import { SCHEDULED_PATH } from "./scheduled-path.ts";

/** A file below `.vercel/output`. */
type OutputFile = BuiltArtifact["files"][number];

/** How Vercel starts a function of the app's (Build Output API, "Primitives"). */
const FUNCTION = {
  runtime: "nodejs24.x",
  handler: "index.mjs",
  launcherType: "Nodejs",
  shouldAddHelpers: false,
  supportsResponseStreaming: true,
};

/** The first module of a function that gets messages. */
const QUEUE_ENTRY = 'export { queue as default } from "./index.mjs";\n';

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

/** One function that gets every request, and one for each topic. */
async function layOutApp(
  app: { readonly name: string; readonly source: string } & Extract<
    (Artifact & { readonly kind: "vercel-output" })["content"],
    { readonly kind: "app" }
  >,
  context: BuildContext,
): Promise<readonly OutputFile[] | undefined> {
  const { name, source, entry, schedules, topics } = app;
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
    ...topics.flatMap((topic) => layOutConsumer(topic, module.bytes)),
    jsonFile("functions/app.func/.vc-config.json", FUNCTION),
    { path: "functions/app.func/index.mjs", bytes: module.bytes },
  ];
}

/**
 * A function that nobody but Vercel Queues can call, because of its trigger; hence it is not the one that visitors call. A function has one such trigger, and its folder holds
 * all of it, so that the bundle lies in each once more; Vercel is sent files of the same bytes once.
 */
function layOutConsumer(topic: string, bundle: Uint8Array): readonly OutputFile[] {
  const folder = `functions/_supercargo/queues/${topic}.func`;
  const trigger = { type: "queue/v2beta", topic, consumer: "default" };
  return [
    jsonFile(`${folder}/.vc-config.json`, {
      ...FUNCTION,
      handler: "queue.mjs",
      experimentalTriggers: [trigger],
    }),
    { path: `${folder}/index.mjs`, bytes: bundle },
    { path: `${folder}/queue.mjs`, bytes: new TextEncoder().encode(QUEUE_ENTRY) },
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
