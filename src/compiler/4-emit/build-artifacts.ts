import type { Artifact } from "../../adapters/vendors/contract.ts";
import { buildNetlifyOutput } from "./build-netlify-output.ts";
import { buildVercelOutput } from "./build-vercel-output.ts";
import type {
  ArtifactBuilder,
  BuildContext,
  BuiltArtifact,
  ProjectFolder,
} from "./built-artifact.ts";
import { bundleApp } from "./bundle-app.ts";
import { bundleSite } from "./bundle-site.ts";
import { copyFolder } from "./copy-folder.ts";

function build(artifact: Artifact, context: BuildContext): Promise<BuiltArtifact | undefined> {
  switch (artifact.kind) {
    case "bundle":
      return bundleApp(artifact, context);
    case "directory":
      return copyFolder(artifact, context);
    case "site-program":
      return bundleSite(artifact, context);
    case "netlify-output":
      return buildNetlifyOutput(artifact, context);
    case "vercel-output":
      return buildVercelOutput(artifact, context);
  }
}

/** Builds the artifacts of a project, several at once. The same sources give the same bytes on every machine. */
export function createArtifactBuilder(project: ProjectFolder): ArtifactBuilder {
  return async (artifacts, locate, sink) => {
    const context = { project, locate, sink };
    const built = await Promise.all(artifacts.map((artifact) => build(artifact, context)));
    const complete = built.filter((artifact) => artifact !== undefined);
    return complete.length === built.length ? complete : undefined;
  };
}
