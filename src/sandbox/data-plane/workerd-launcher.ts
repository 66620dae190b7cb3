import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { endLeftover } from "../end-leftover.ts";

/** Environment variable that tells the launcher where to write workerd's process id. */
const PID_VARIABLE = "SUPERCARGO_WORKERD_PID_FILE";

/** Where a data plane's workerd leaves its process id. */
export interface WorkerdLauncher {
  /** Environment for the child process. */
  readonly env: Readonly<Record<string, string>>;
  /** Forgets the process id, after workerd was stopped. */
  release(): void;
}

/**
 * Makes workerd traceable: a process that dies by SIGKILL cannot stop its workerd, which would go on holding the databases' files. The launcher
 * notes workerd's process id in `folder`; the next start on the same folder ends a leftover. On Windows workerd is started directly.
 */
export function prepareWorkerd(folder: string): WorkerdLauncher {
  const pidFile = join(folder, "workerd.pid");
  endLeftover(pidFile, (command) => command.includes("workerd") && command.includes(" serve "));
  if (process.platform === "win32") return { env: {}, release: () => {} };
  const launcher = join(folder, "run-workerd.sh");
  const binary = findWorkerd();
  writeFileSync(
    launcher,
    `#!/bin/sh\n[ -n "$${PID_VARIABLE}" ] && echo $$ > "$${PID_VARIABLE}"\nexec ${quote(binary)} "$@"\n`,
    { mode: 0o700 },
  );
  // miniflare reads the command from its own process's environment only.
  process.env.MINIFLARE_WORKERD_PATH = launcher;
  return {
    env: { [PID_VARIABLE]: pidFile },
    release: () => rmSync(pidFile, { force: true }),
  };
}

function findWorkerd(): string {
  const fromHere = createRequire(import.meta.url);
  const fromMiniflare = createRequire(fromHere.resolve("miniflare"));
  return (fromMiniflare("workerd") as { readonly default: string }).default;
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
