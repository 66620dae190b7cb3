import type { Artifact } from "../../adapters/vendors/contract.ts";
import { sha256 } from "../../util/sha256.ts";
import type { BuildContext, BuiltArtifact } from "./built-artifact.ts";
import { siteOptions } from "./bundle-options.ts";
import { copyFolder } from "./copy-folder.ts";
import { packBundle } from "./pack-bundle.ts";

/** Packs a folder of static files with the program or function that serves them. The same folder gives the same bytes. */
export async function bundleSite(
  {
    name,
    source,
    spa,
    target = "node",
    packed = false,
  }: Artifact & { readonly kind: "site-program" },
  context: BuildContext,
): Promise<BuiltArtifact | undefined> {
  const folder = await copyFolder({ kind: "directory", name, source }, context);
  if (folder === undefined) return undefined;
  const files = Object.fromEntries(
    folder.files.map(({ path, bytes }) => [
      path.slice(folder.path.length + 1),
      Buffer.from(bytes).toString("base64"),
    ]),
  );
  const { build } = await import("esbuild");
  const { outputFiles } = await build(siteOptions(target, JSON.stringify({ files, spa })));
  const path = `build/${name}.${packed ? "zip" : "mjs"}`;
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const bytes = packed ? packBundle(target, contents) : contents;
  return { name, kind: "site-program", path, sha256: sha256(bytes), files: [{ path, bytes }] };
}
