import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ts } from "ts-morph";
import { describe, expect, test } from "vitest";
import { readSourceFiles } from "./source-files.ts";

const ROOT = join(import.meta.dirname, "../..");
const LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;

/** Files that may be longer than {@link LINES_MAX} lines, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** Programs of their own, started as child processes. */
const PROGRAMS = new Set([
  "src/sandbox/serve-sandbox.ts",
  "src/scaffold/new-adapter.ts",
  "src/scaffold/write-generated.ts",
  "src/deploy/stand-in-plugin/main.ts",
  "src/log/witness/serve-witness.ts",
  "src/runtime/run-process.ts",
]);

/** The top level of the repository is fixed. */
const TOP_LEVEL = new Set([
  "README.md",
  "Pulumi.yaml",
  "bench",
  "biome.json",
  "package-lock.json",
  "package.json",
  "src",
  "stacks",
  "templates",
  "test",
  "tsconfig.json",
  "vitest.config.ts",
]);

const files = readSourceFiles();
const parsed = files.map(({ path, text }) => ({
  path,
  source: ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS),
}));

function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* walk(child);
}

function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

/** Lines of a function without those of the functions inside it: a factory is as long as what it does itself. */
function ownLines(node: ts.Node): number {
  const inner = (child: ts.Node): number =>
    ts.isFunctionLike(child)
      ? child.getText().split("\n").length - 1
      : child.getChildren().reduce((sum, grandchild) => sum + inner(grandchild), 0);
  const nested = node.getChildren().reduce((sum, child) => sum + inner(child), 0);
  return node.getText().split("\n").length - nested;
}

describe("house rules", () => {
  test(`a file has at most ${LINES_MAX} lines, unless its reason is listed`, () => {
    const long = files
      .filter(({ path }) => LONG_FILES[path] === undefined)
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(long).toEqual([]);
    const stale = Object.keys(LONG_FILES).filter(
      (path) =>
        !files.some((file) => file.path === path && file.text.split("\n").length - 1 > LINES_MAX),
    );
    expect(stale).toEqual([]);
  });

  test(`a function has at most ${FUNCTION_LINES_MAX} lines`, () => {
    const long = parsed.flatMap(({ path, source }) =>
      [...walk(source)]
        .filter((node) => ts.isFunctionLike(node) && "body" in node && node.body !== undefined)
        .map((node) => ({ where: `${path}:${lineOf(node)}`, lines: ownLines(node) }))
        .filter(({ lines }) => lines > FUNCTION_LINES_MAX),
    );
    expect(long).toEqual([]);
  });

  test("files and folders are named in kebab-case", () => {
    const odd = files
      .map(({ path }) => path)
      .filter(
        (path) => !/^src\/(_?[a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path),
      );
    expect(odd).toEqual([]);
  });

  test("no file is a drawer for unrelated things", () => {
    const drawers = files.filter(({ path }) =>
      /\/(utils?|helpers?|types|misc|common)\.ts$/.test(path),
    );
    expect(drawers.map(({ path }) => path)).toEqual([]);
  });

  test("default exports stand only in adapters' index.ts and in commands", () => {
    const allowed = /^src\/(adapters\/[^/]+\/[^/]+\/index|cli\/commands\/[^/]+)\.ts$/;
    const odd = parsed
      .filter(({ path }) => !allowed.test(path))
      .filter(({ source }) =>
        source.statements.some(
          (node) =>
            ts.isExportAssignment(node) ||
            (ts.canHaveModifiers(node) &&
              ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
        ),
      );
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  test("no enum, no namespace, no any", () => {
    const odd = parsed.flatMap(({ path, source }) =>
      [...walk(source)]
        .filter(
          (node) =>
            ts.isEnumDeclaration(node) ||
            ts.isModuleDeclaration(node) ||
            node.kind === ts.SyntaxKind.AnyKeyword,
        )
        .map((node) => `${path}:${lineOf(node)}`),
    );
    expect(odd).toEqual([]);
  });

  test("console and process.exit stay in cli", () => {
    const odd = parsed
      .filter(({ path }) => !path.startsWith("src/cli/") && !PROGRAMS.has(path))
      .flatMap(({ path, source }) =>
        [...walk(source)]
          .filter((node) => ts.isPropertyAccessExpression(node))
          .filter(({ expression, name }) => {
            const object = expression.getText();
            return object === "console" || (object === "process" && name.text === "exit");
          })
          .map((node) => `${path}:${lineOf(node)}`),
      );
    expect(odd).toEqual([]);
  });

  test("no module re-exports another one whole", () => {
    const odd = parsed.flatMap(({ path, source }) =>
      source.statements
        .filter((node) => ts.isExportDeclaration(node) && node.exportClause === undefined)
        .map((node) => `${path}:${lineOf(node)}`),
    );
    expect(odd).toEqual([]);
  });

  test("the top level of the repository is as the README says", () => {
    const odd = readdirSync(ROOT).filter(
      (name) => !name.startsWith(".") && name !== "node_modules" && !TOP_LEVEL.has(name),
    );
    expect(odd).toEqual([]);
    expect([...TOP_LEVEL].filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });
});
