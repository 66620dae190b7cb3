import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Books } from "../../../../src/sandbox/books.ts";
import type { SandboxConnection } from "../../../../src/sandbox/connection.ts";
import type { SandboxContext } from "../../../../src/sandbox/context.ts";
import {
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from "../../../../src/sandbox/start-sandbox.ts";
import { testServices } from "./test-services.ts";

/** A folder that goes away with the test. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), "sandbox-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return join(home, "sandbox");
}

export interface TestSandbox extends Sandbox {
  readonly home: string;
  readonly context: SandboxContext;
  /** Lines about bugs; the sandbox is closed at the end of the test and must not have written any. */
  readonly bugs: readonly string[];
  admin(method: string, path: string, body?: unknown): Promise<Response>;
  books(): Promise<Books>;
  connection(): Promise<SandboxConnection>;
  advance(milliseconds: number): Promise<void>;
}

/** Starts a sandbox with the test catalogue and without the vendors' own APIs; closed with the test. */
export async function startTestSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<TestSandbox> {
  const home = options.home ?? makeHome();
  const bugs: string[] = [];
  let context: SandboxContext | undefined;
  const sandbox = await startSandbox({
    services: testServices,
    log: (line) => bugs.push(line),
    startVendors: async (given) => {
      context = given;
      return [];
    },
    ...options,
    home,
  });
  onTestFinished(async () => {
    await sandbox.close();
    if (bugs.length > 0) throw new Error(bugs.join("\n"));
  });
  const admin = (method: string, path: string, body?: unknown) =>
    fetch(`${sandbox.controlUrl}/sandbox/${path}`, {
      method,
      headers: { "x-sandbox-admin": sandbox.adminToken, connection: "close" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    ...sandbox,
    home,
    bugs,
    get context() {
      if (context === undefined) throw new Error("the vendors were replaced");
      return context;
    },
    admin,
    books: async () => (await admin("GET", "books")).json() as Promise<Books>,
    connection: async () => (await admin("GET", "connection")).json() as Promise<SandboxConnection>,
    advance: async (advanceMs) => {
      await admin("POST", "clock", { advanceMs });
    },
  };
}
