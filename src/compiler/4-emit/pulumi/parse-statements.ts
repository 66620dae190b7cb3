import { Project } from "ts-morph";

/** Parses statements as one module and answers with the text of each that is found. Throws when they are no TypeScript. */
export function parseStatements(statements: readonly string[]): readonly string[] {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const file = project.createSourceFile("index.ts", statements.join("\n"));
  const [error] = project.getProgram().getSyntacticDiagnostics(file);
  if (error !== undefined) throw new Error(`not TypeScript: ${error.getCode()}`);
  const { compilerNode } = file;
  return compilerNode.statements.map((statement) => statement.getText(compilerNode));
}
