import type { Artifact } from "../../adapters/vendors/contract.ts";
import { sha256 } from "../../util/sha256.ts";
import type { BuildContext, BuiltArtifact } from "./built-artifact.ts";
import { siteOptions } from "./bundle-options.ts";
import { copyFolder } from "./copy-folder.ts";

/** Packs a folder of static files with the program that serves them on Node. The same folder gives the same bytes. */
export async function bundleSite(
  { name, source, spa }: Artifact & { readonly kind: "site-program" },
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
  const { outputFiles } = await build(siteOptions(JSON.stringify({ files, spa })));
  const path = `build/${name}.mjs`;
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { name, kind: "site-program", path, sha256: sha256(bytes), files: [{ path, bytes }] };
}
