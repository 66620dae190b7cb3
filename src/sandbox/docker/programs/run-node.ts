import { innerPath } from "../inner-path.ts";
import type { Program } from "../program.ts";
import { spawnProgram } from "../spawn-program.ts";
import { findNode } from "./find-node.ts";
import { limitSqlite } from "./limit-sqlite.ts";
import { SERVER_IDENTITY } from "./server-identity.ts";

/** Variables by which Node, its libraries or the system's loader run or write other files than the container's. */
const LIFTS_LIMITS =
  /^(NODE_(OPTIONS|PATH|V8_COVERAGE|COMPILE_CACHE|REDIRECT_WARNINGS|ICU_DATA|REPL_EXTERNAL_MODULE)|(LD|DYLD|OPENSSL)_\w+)$/;

/**
 * `node:*`: the Node that runs the sandbox, with the files of the container. It is an app that somebody else may have written, so it may read its own files, write
 * its volumes, and neither start processes or threads nor load native code. Its network is not limited.
 */
export const runNode: Program = {
  innerPort: 8080,
  async start({ container, root, volumes, env, port, log, pidFile, makePrograms }) {
    const [, file, ...args] = container.command;
    if (file === undefined || file.startsWith("-"))
      throw new Error("the sandbox runs node with a file of the container and no options");
    const lifting = Object.keys(env).find((name) => LIFTS_LIMITS.test(name));
    if (lifting !== undefined)
      throw new Error(
        `the sandbox gives an app no variable ${lifting}, which could lift its limits: remove it from the app's environment on this stack`,
      );
    return spawnProgram({
      command: findNode(makePrograms),
      args: [
        ...limits(root, volumes),
        "--",
        ...[file, ...args].map((arg) => (arg.startsWith("/") ? innerPath(root, arg) : arg)),
      ],
      env: { ...env, HOST: "127.0.0.1", PORT: String(port) },
      cwd: root,
      log,
      pidFile,
      port,
      identity: SERVER_IDENTITY,
    });
  },
};

/** Node's options (https://nodejs.org/api/permissions.html). */
function limits(root: string, volumes: readonly string[]): readonly string[] {
  return [
    "--permission",
    ...[root, ...volumes].map((folder) => `--allow-fs-read=${folder}`),
    ...volumes.map((folder) => `--allow-fs-write=${folder}`),
    "--import",
    `data:text/javascript,${encodeURIComponent(limitSqlite(volumes))}`,
  ];
}
