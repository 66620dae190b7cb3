import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT, runCli } from "./run-cli.ts";

export interface Project {
  readonly folder: string;
  /** Ends its sandbox and removes the folder. */
  remove(): Promise<void>;
}

/** A copy of a template, or of another folder below `from`, in a folder of its own, outside the repository. */
export function makeProject(
  template: string,
  from: string = join(PROJECT_ROOT, "templates"),
): Project {
  const folder = mkdtempSync(join(tmpdir(), `supercargo-${template}-`));
  cpSync(join(from, template), folder, { recursive: true });
  return {
    folder,
    async remove() {
      await runCli(["sandbox", "stop"], { cwd: folder });
      // What a test has killed may have left processes that write until they notice.
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
