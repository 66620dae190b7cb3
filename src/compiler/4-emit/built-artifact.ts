import type { Artifact, LoweredArtifact } from "../../adapters/vendors/contract.ts";
import type { DiagnosticSink, SourceLocation } from "../../diagnostics/diagnostic.ts";

/** What became of an artifact, ready to be written beside the stack. */
export interface BuiltArtifact {
  readonly name: string;
  readonly kind: Artifact["kind"];
  /**
   * Relative to the stack's folder: `build/shop.mjs`. That of a folder holds its digest, `build/docs.1f6d...`, so that the program says
   * when a file in it changes.
   */
  readonly path: string;
  /** Hexadecimal SHA-256: of the file, or of the sorted paths and contents of the folder. */
  readonly sha256: string;
  /** In order of path, relative to the stack's folder. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** What a lowered value says of an artifact, as text. */
export function artifactField(
  { path, sha256 }: BuiltArtifact,
  { field, file }: LoweredArtifact,
): string {
  switch (field) {
    case "path":
      return file === undefined ? path : `${path}/${file}`;
    case "sha256":
      return sha256;
    case "sha256-base64":
      return Buffer.from(sha256, "hex").toString("base64");
  }
}

/** The project in which artifacts are built. */
export interface ProjectFolder {
  /** Absolute path of the manifest's folder. */
  readonly path: string;
  /** The same folder as the user named it, for diagnostics; `.` for the working directory. */
  readonly shown: string;
}

/** What building one artifact needs. */
export interface BuildContext {
  readonly project: ProjectFolder;
  /** Where the manifest resource of an artifact stands. */
  readonly locate: (resource: string) => SourceLocation;
  readonly sink: DiagnosticSink;
}

/** Builds what vendors need from the user's sources, in their order; undefined when it reported errors. */
export type ArtifactBuilder = (
  artifacts: readonly Artifact[],
  locate: BuildContext["locate"],
  sink: DiagnosticSink,
) => Promise<readonly BuiltArtifact[] | undefined>;
