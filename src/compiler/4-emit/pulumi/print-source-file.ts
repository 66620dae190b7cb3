import { IndentationText, NewLineKind, Project, QuoteKind, StructureKind } from "ts-morph";
import { printPrintable } from "./print-printable.ts";
import { NAMESPACES, type Namespace, type Printable, usedNamespaces } from "./printable.ts";

/** One statement of a generated file: a constant or, without an identifier, an expression for its effect. */
export interface Statement {
  readonly identifier: string | undefined;
  readonly isExported?: boolean | undefined;
  readonly value: Printable;
}

/** What a generated file holds; declarations of a block stand together, blocks apart. */
export interface SourceFileContent {
  /** Lines of the comment at the top, without `//`; never text of a manifest. */
  readonly header: readonly string[];
  readonly blocks: readonly (readonly Statement[])[];
}

/**
 * Prints a TypeScript module. The imports are those that its values use, bound last. Everything is added at once, because each
 * later manipulation of a ts-morph file costs a parse of the whole. The result is parsed, and it is a bug if it then does not hold
 * exactly the statements that were meant.
 */
export function printSourceFile({ header, blocks }: SourceFileContent): string {
  const namespaces = new Set<Namespace>();
  const meant = blocks.flat();
  for (const { value } of meant) usedNamespaces(value, namespaces);
  const imports = [...namespaces].sort().map((namespace, i) => ({
    kind: StructureKind.ImportDeclaration as const,
    leadingTrivia: i === 0 ? "\n" : "",
    namespaceImport: namespace,
    moduleSpecifier: NAMESPACES[namespace],
  }));
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      newLineKind: NewLineKind.LineFeed,
      quoteKind: QuoteKind.Double,
    },
  });
  const file = project.createSourceFile("index.ts", {
    statements: [
      header.map((line) => (line === "" ? "//" : `// ${line}`)).join("\n"),
      ...imports,
      ...blocks.map((block) => `\n${block.map(printStatement).join("\n")}`),
    ],
  });
  const found = file.compilerNode.statements.length;
  if (found !== imports.length + meant.length) {
    throw new Error(`${meant.length} statements and ${imports.length} imports became ${found}`);
  }
  return file.getFullText();
}

function printStatement({ identifier, isExported = false, value }: Statement): string {
  const constant = identifier === undefined ? "" : `const ${identifier} = `;
  const start = isExported ? `export ${constant}` : constant;
  return `${start}${printPrintable(value, { indent: 0, column: start.length, after: 1 })};`;
}
