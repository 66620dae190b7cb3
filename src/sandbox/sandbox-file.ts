import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** `<home>/sandbox.json`, mode 0600: where a home's sandbox answers. The ports stay the same over restarts, so that URLs in a stack's state stay true. */
export interface SandboxFile {
  readonly version: 1;
  /** `http://127.0.0.1:<port>` */
  readonly controlUrl: string;
  readonly appPort: number;
  /** Value of the header `x-sandbox-admin`. */
  readonly adminToken: string;
  /** The process that serves, or null after a clean close. */
  readonly pid: number | null;
}

/** Reads the file; undefined when it is absent or damaged. */
export function readSandboxFile(home: string): SandboxFile | undefined {
  try {
    const file = JSON.parse(readFileSync(join(home, "sandbox.json"), "utf8")) as SandboxFile;
    const isWhole =
      file.version === 1 &&
      /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(file.controlUrl) &&
      Number.isSafeInteger(file.appPort) &&
      typeof file.adminToken === "string";
    return isWhole ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step. */
export function writeSandboxFile(home: string, file: SandboxFile): void {
  const draft = join(home, "sandbox.json.new");
  writeFileSync(draft, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(home, "sandbox.json"));
}
