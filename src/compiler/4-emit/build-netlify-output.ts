import type { Artifact } from "../../adapters/vendors/contract.ts";
import { digestFiles } from "../../util/digest-files.ts";
import { packFiles } from "../../util/pack-files.ts";
import type { BuildContext, BuiltArtifact } from "./built-artifact.ts";
import { bundleApp } from "./bundle-app.ts";
import { copyFolder } from "./copy-folder.ts";

/** A file below the artifact's folder. */
type OutputFile = BuiltArtifact["files"][number];
type Content<K> = Extract<
  Extract<Artifact, { kind: "netlify-output" }>["content"],
  { readonly kind: K }
>;

/** Where the rules of a site are (Netlify docs, "Redirects and rewrites"). */
const RULES = "_redirects";
/** Every request is the function's, whatever lies there. */
const TO_APP = "/* /.netlify/functions/app 200!\n";
const TO_INDEX = "/* /index.html 200\n";

/**
 * Lays a deploy out as `netlify.Deploy` wants it: what is published in `publish`, each function as an archive in `functions`. The same sources give the same bytes. Undefined,
 * with the errors reported, when the app does not build or the folder cannot be published.
 */
export async function buildNetlifyOutput(
  { name, source, content }: Artifact & { readonly kind: "netlify-output" },
  context: BuildContext,
): Promise<BuiltArtifact | undefined> {
  const files =
    content.kind === "app"
      ? await layOutApp({ name, source, ...content }, context)
      : await layOutSite({ name, source, ...content }, context);
  if (files === undefined) return undefined;
  const digest = digestFiles(files);
  const path = `build/${name}.${digest.slice(0, 16)}`;
  return {
    ...{ name, kind: "netlify-output", path, sha256: digest },
    files: files.map((file) => ({ ...file, path: `${path}/${file.path}` })),
  };
}

/** One function that gets every request, and one for each schedule and each queue. */
async function layOutApp(
  app: Content<"app"> & { readonly name: string; readonly source: string },
  context: BuildContext,
): Promise<readonly OutputFile[] | undefined> {
  const { name, source, entry, schedules, queues } = app;
  const bundle = { kind: "bundle", target: "netlify", name, source, entry } as const;
  const [module] = (await bundleApp(bundle, context))?.files ?? [];
  if (module === undefined) return undefined;
  const pack = (called: string, maker: string, of: string): OutputFile =>
    packFunction(
      called,
      `import { ${maker} } from "./bundle.mjs";\nexport const handler = ${maker}(${JSON.stringify(of)});\n`,
      module.bytes,
    );
  return inOrder([
    packFunction("app", 'export { handler } from "./bundle.mjs";\n', module.bytes),
    ...Object.entries(schedules).map(([called, cron]) => pack(called, "handleSchedule", cron)),
    ...Object.entries(queues).map(([called, queue]) => pack(called, "handleQueue", queue)),
    textFile(`publish/${RULES}`, TO_APP),
  ]);
}

/** Netlify calls `handler` of the module that has the function's name (Netlify docs, "Lambda compatibility"). */
function packFunction(name: string, text: string, bundle: Uint8Array): OutputFile {
  const bytes = packFiles([
    { name: `${name}.mjs`, content: Buffer.from(text) },
    { name: "bundle.mjs", content: bundle },
  ]);
  return { path: `functions/${name}.zip`, bytes };
}

/** The files as they are. Rules of their own are asked first. */
async function layOutSite(
  site: Content<"site"> & { readonly name: string; readonly source: string },
  context: BuildContext,
): Promise<readonly OutputFile[] | undefined> {
  const { name, source, spa } = site;
  const folder = await copyFolder({ kind: "directory", name, source }, context);
  if (folder === undefined) return undefined;
  const files = folder.files.map(({ path, bytes }) => ({
    path: `publish/${path.slice(folder.path.length + 1)}`,
    bytes,
  }));
  if (!spa) return files;
  const own = files.find(({ path }) => path === `publish/${RULES}`);
  const rules = own === undefined ? "" : `${new TextDecoder().decode(own.bytes)}\n`;
  return inOrder([
    ...files.filter((file) => file !== own),
    textFile(`publish/${RULES}`, rules + TO_INDEX),
  ]);
}

function inOrder(files: readonly OutputFile[]): readonly OutputFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function textFile(path: string, text: string): OutputFile {
  return { path, bytes: new TextEncoder().encode(text) };
}
