import { join } from "node:path";
import type { Books } from "../../src/sandbox/books.ts";
import { readSandboxFile } from "../../src/sandbox/sandbox-file.ts";

/** Asks a project's sandbox for its own books: what the providers, the issuer and the registrar say happened. */
export async function readBooks(project: string): Promise<Books> {
  const file = readSandboxFile(join(project, ".supercargo", "sandbox"));
  if (file === undefined) throw new Error(`no sandbox has run in ${project}`);
  const response = await fetch(`${file.controlUrl}/sandbox/books`, {
    headers: { "x-sandbox-admin": file.adminToken },
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
  return (await response.json()) as Books;
}
