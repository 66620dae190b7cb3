import { Project } from "ts-morph";

/** Parses statements as one module and answers with the text of each that is found. */
export function parseStatements(statements: readonly string[]): readonly string[] {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const { compilerNode } = project.createSourceFile("index.ts", statements.join("\n"));
  return compilerNode.statements.map((statement) => statement.getText(compilerNode));
}
