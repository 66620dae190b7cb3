import type { Artifact } from "../../adapters/vendors/contract.ts";
import { sha256 } from "../../util/sha256.ts";
import { artifactPath } from "./artifact-path.ts";
import type { BuildContext, BuiltArtifact } from "./built-artifact.ts";
import { siteOptions } from "./bundle-options.ts";
import { copyFolder } from "./copy-folder.ts";
import { packBundle } from "./pack-bundle.ts";

/** Packs a folder of static files with the program or function that serves them. The same folder gives the same bytes. */
export async function bundleSite(
  artifact: Artifact & { readonly kind: "site-program" },
  context: BuildContext,
): Promise<BuiltArtifact | undefined> {
  const { name, source, spa, target = "node", packed = false } = artifact;
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
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const bytes = packed ? packBundle(target, contents) : contents;
  const digest = sha256(bytes);
  const path = artifactPath(artifact, digest);
  return { name, kind: "site-program", path, sha256: digest, files: [{ path, bytes }] };
}
