import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { ts } from "ts-morph";

const ROOT = join(import.meta.dirname, "../..");

export interface SourceFile {
  /** Relative to the project root, `/`-separated, e.g. `src/util/money.ts`. */
  readonly path: string;
  readonly text: string;
  /** What it imports: paths like {@link path} for our own files, names as written for packages and `node:` modules. */
  readonly imports: readonly ImportedModule[];
}

export interface ImportedModule {
  readonly target: string;
  /** Only types are taken, so nothing is loaded at run time. */
  readonly typeOnly: boolean;
  /** `import()`. */
  readonly lazy: boolean;
}

/** Every TypeScript file of `src`, with its imports. */
export function readSourceFiles(): readonly SourceFile[] {
  return readdirSync(join(ROOT, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${sep}node_modules${sep}`))
    .sort()
    .map((file) => {
      const path = relative(ROOT, file).split(sep).join("/");
      const text = readFileSync(file, "utf8");
      return { path, text, imports: listImports(path, text) };
    });
}

/** The modules that a text imports, re-exports or loads with `import()`, as the TypeScript scanner finds them. */
export function listImports(path: string, text: string): readonly ImportedModule[] {
  const statements = new Map<number, { readonly typeOnly: boolean }>();
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      statements.set(statement.moduleSpecifier.getStart(source) + 1, {
        typeOnly: isTypeImport(statement.importClause),
      });
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
      statements.set(statement.moduleSpecifier.getStart(source) + 1, {
        typeOnly: statement.isTypeOnly,
      });
    }
  }
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => {
    const statement = statements.get(pos) ?? statements.get(pos + 1);
    const target = fileName.startsWith(".")
      ? posix.normalize(posix.join(posix.dirname(path), fileName))
      : fileName;
    return { target, typeOnly: statement?.typeOnly ?? false, lazy: statement === undefined };
  });
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}
