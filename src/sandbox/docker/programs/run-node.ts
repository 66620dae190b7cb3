import { innerPath } from "../inner-path.ts";
import type { Program } from "../program.ts";
import { spawnProgram } from "../spawn-program.ts";

/** `node:*`: the Node that runs the sandbox, with the files of the container. */
export const runNode: Program = {
  innerPort: 8080,
  async start({ container, root, env, port, log, pidFile }) {
    const [, ...args] = container.command;
    return spawnProgram({
      command: process.execPath,
      args: args.map((arg) => (arg.startsWith("/") ? innerPath(root, arg) : arg)),
      env: { ...env, HOST: "127.0.0.1", PORT: String(port) },
      cwd: root,
      log,
      pidFile,
      port,
    });
  },
};
