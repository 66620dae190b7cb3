import { expect, test } from "vitest";
import { expandFiles } from "../../src/compiler/expand-files.ts";
import { sha256 } from "../../src/util/sha256.ts";

test("a resource for each file names its file, its type and where it lies", () => {
  const files = ["a/index.html", "logo.svg", "Ü.css"].map((path) => ({
    path: `build/docs.1f/${path}`,
    bytes: new Uint8Array(),
  }));
  const [lowered] = expandFiles(
    [
      {
        ...{ provider: "aws", artifacts: [], permissions: [], prices: [], outputs: {} },
        resources: [
          { name: "docs", origin: "docs", type: "aws_s3_bucket", args: {} },
          {
            ...{ name: "docs.file", origin: "docs", type: "aws_s3_object", each: "docs" },
            args: {
              key: { kind: "file", field: "path" },
              content_type: { kind: "file", field: "type" },
              source: { kind: "artifact", artifact: "docs", field: "path" },
            },
          },
        ],
      },
    ],
    [{ name: "docs", kind: "directory", path: "build/docs.1f", sha256: "", files }],
  );
  expect(lowered?.resources.map(({ name, args }) => [name, args.key, args.content_type])).toEqual([
    ["docs", undefined, undefined],
    [
      expect.stringMatching(/^docs\.file\.[\da-f]{16}$/),
      "a/index.html",
      "text/html; charset=utf-8",
    ],
    ["docs.file.logo.svg", "logo.svg", "image/svg+xml; charset=utf-8"],
    [expect.stringMatching(/^docs\.file\.[\da-f]{16}$/), "Ü.css", "text/css; charset=utf-8"],
  ]);
  expect(lowered?.resources[1]?.args.source).toMatchObject({ file: "a/index.html" });
});

test("a file that bears another one's hash as its name does not take its place", () => {
  const taken = sha256("a/index.html").slice(0, 16);
  const files = ["a/index.html", taken].map((path) => ({
    path: `build/docs.1f/${path}`,
    bytes: new Uint8Array(),
  }));
  const [lowered] = expandFiles(
    [
      {
        ...{ provider: "aws", artifacts: [], permissions: [], prices: [], outputs: {} },
        resources: [
          {
            ...{ name: "docs.file", origin: "docs", type: "aws_s3_object", each: "docs" },
            args: { key: { kind: "file", field: "path" } },
          },
        ],
      },
    ],
    [{ name: "docs", kind: "directory", path: "build/docs.1f", sha256: "", files }],
  );
  const names = lowered?.resources.map(({ name }) => name);
  expect(new Set(names).size).toBe(2);
  expect(names?.[0]).toBe(`docs.file.${taken}`);
});
