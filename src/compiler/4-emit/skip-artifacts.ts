import type { ArtifactBuilder, BuiltArtifact } from "./built-artifact.ts";

/** Names every artifact and builds none: enough to print a program with which a stack can be removed, not applied. */
export const skipArtifacts: ArtifactBuilder = async (artifacts) =>
  artifacts.map(
    ({ name, kind }): BuiltArtifact => ({
      ...{ name, kind, sha256: "", files: [] },
      path: `build/${name}`,
    }),
  );
