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

/** A TypeScript module, and each of its statements as it stands in it. */
export interface PrintedFile {
  readonly text: string;
  readonly statements: readonly string[];
}

/** Prints a TypeScript module. The imports are those that its values use, bound last. */
export function printSourceFile({ header, blocks }: SourceFileContent): PrintedFile {
  if (header.some((line) => /[^\x20-\x7e]/.test(line))) throw new Error("not a line of a comment");
  const comment = header.map((line) => (line === "" ? "//" : `// ${line}`));
  const namespaces = new Set<Namespace>();
  for (const { value } of blocks.flat()) usedNamespaces(value, namespaces);
  const imports = [...namespaces]
    .toSorted((a, b) => (NAMESPACES[a] < NAMESPACES[b] ? -1 : 1))
    .map((name) => `import * as ${name} from "${NAMESPACES[name]}";`);
  const printed = blocks.map((block) => block.map(printStatement));
  const parts = [comment, imports, ...printed].filter((part) => part.length > 0);
  return {
    text: `${parts.map((part) => part.join("\n")).join("\n\n")}\n`,
    statements: [...imports, ...printed.flat()],
  };
}

function printStatement({ identifier, isExported = false, value }: Statement): string {
  const constant = identifier === undefined ? "" : `const ${identifier} = `;
  const start = isExported ? `export ${constant}` : constant;
  return `${start}${printPrintable(value, { indent: 0, column: start.length, after: 1 })};`;
}
