import type { BuiltArtifact } from "./4-emit/built-artifact.ts";

/** Everything that goes into a stack's folder, sorted by path: the emitted texts and the files of built artifacts. */
export function stackFiles(
  texts: ReadonlyMap<string, string>,
  artifacts: readonly BuiltArtifact[],
): ReadonlyMap<string, Uint8Array> {
  const encoder = new TextEncoder();
  const files = [
    ...[...texts].map(([path, text]) => [path, encoder.encode(text)] as const),
    ...artifacts.flatMap((built) => built.files.map(({ path, bytes }) => [path, bytes] as const)),
  ];
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}
