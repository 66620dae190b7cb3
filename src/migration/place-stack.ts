import { isMap, parseDocument } from "yaml";

/** A manifest's file. */
export interface ManifestFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The manifest with one word changed: `provider` of a stack, which is made when it is missing. Comments and everything else stay. A text that is no
 * manifest comes back as it is, for whoever reads it to say so.
 */
export function placeStack<File extends ManifestFile>(
  file: File,
  stack: string,
  provider: string,
): File {
  const document = parseDocument(new TextDecoder().decode(file.bytes));
  if (document.errors.length > 0 || !isMap(document.contents)) return file;
  const path = ["stacks", stack, "provider"];
  const stacks = document.get("stacks");
  if (document.getIn(path) === provider || (stacks !== undefined && !isMap(stacks))) return file;
  document.setIn(path, provider);
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: true });
  return { ...file, bytes: new TextEncoder().encode(text) };
}
