/** Parses statements as one module and answers with the text of each that is found. Throws when they are no TypeScript. */
export async function parseStatements(statements: readonly string[]): Promise<readonly string[]> {
  const { Project } = await import("ts-morph");
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const file = project.createSourceFile("index.ts", statements.join("\n"));
  const [error] = project.getProgram().getSyntacticDiagnostics(file);
  if (error !== undefined) throw new Error(`not TypeScript: ${error.getCode()}`);
  const { compilerNode } = file;
  return compilerNode.statements.map((statement) => statement.getText(compilerNode));
}
