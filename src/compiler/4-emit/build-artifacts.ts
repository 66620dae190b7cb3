import type { ArtifactBuilder, ProjectFolder } from "./built-artifact.ts";
import { bundleApp } from "./bundle-app.ts";
import { copyFolder } from "./copy-folder.ts";

/** Builds the artifacts of a project, several at once. The same sources give the same bytes on every machine. */
export function createArtifactBuilder(project: ProjectFolder): ArtifactBuilder {
  return async (artifacts, locate, sink) => {
    const context = { project, locate, sink };
    const built = await Promise.all(
      artifacts.map((artifact) =>
        artifact.kind === "bundle" ? bundleApp(artifact, context) : copyFolder(artifact, context),
      ),
    );
    const complete = built.filter((artifact) => artifact !== undefined);
    return complete.length === built.length ? complete : undefined;
  };
}
