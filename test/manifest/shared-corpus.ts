import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe } from "vitest";

const SHARED = join(
  import.meta.dirname,
  "../..",
  process.env.SUPERCARGO_SHARED ?? "../shared",
  "corpora",
);

/** Files of a corpus: path within it -> bytes; one file where the corpus is a file. */
export type CorpusFiles = ReadonlyMap<string, Buffer>;

/** Describes tests over a corpus that is not part of the project; where it is absent they are skipped with a printed reason. */
export function describeCorpus(name: string, define: (files: CorpusFiles) => void): void {
  const path = join(SHARED, name);
  if (!existsSync(path)) {
    describe.skip(`${name}: skipped, there is no ${path}`, () => undefined);
    console.info(`skipped ${name}: there is no ${path}`);
    return;
  }
  const isFile = name.endsWith(".json");
  const files = isFile
    ? new Map([[name, readFileSync(path)]])
    : new Map(listFiles(path).map((file) => [file, readFileSync(join(path, file))]));
  describe(name, () => define(files));
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
