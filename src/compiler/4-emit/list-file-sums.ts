import { hash } from "node:crypto";
import type { BuiltArtifact } from "./built-artifact.ts";

/** Path and `<bytes>~<SHA-1>` of each file of an artifact, in its order (vercel_deployment, `files`). */
export function listFileSums({
  files,
}: BuiltArtifact): readonly (readonly [path: string, sum: string])[] {
  return files.map(({ path, bytes }) => [
    path,
    `${bytes.byteLength}~${hash("sha1", bytes, "hex")}`,
  ]);
}
