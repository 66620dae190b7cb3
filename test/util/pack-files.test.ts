import fc from "fast-check";
import { expect, test } from "vitest";
import { packFiles } from "../../src/util/pack-files.ts";
import { readArchive } from "../support/read-archive.ts";

test("packed files are unpacked as they were, and everybody may read them", () => {
  const content = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (contents) => {
      const files = contents.map((bytes, i) => ({ name: `${i}/index.mjs`, content: bytes }));
      expect(readArchive(Buffer.from(packFiles(files)))).toEqual(
        files.map(({ name, content: bytes }) => ({
          name,
          content: Buffer.from(bytes),
          isWhole: true,
          mode: 0o100644,
        })),
      );
    }),
  );
});
