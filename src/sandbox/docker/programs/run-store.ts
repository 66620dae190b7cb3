import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { storeProgram } from "../../../util/store-program.ts";
import type { Program } from "../program.ts";
import { spawnProgram } from "../spawn-program.ts";

/** `versity/versitygw`: the same program, built from its Go module. */
export const runStore: Program = {
  innerPort: 7070,
  async start({ container, env, port, findVolume, root, log, pidFile }) {
    const command = storeProgram(process.env, homedir());
    if (!existsSync(command)) throw new Error("the store was not built: run supercargo up");
    const [backend = "posix", path = "/data"] = container.command;
    const volume = findVolume(path);
    if (volume === undefined) throw new Error(`no volume is mounted below ${path}`);
    return spawnProgram({
      command,
      args: [backend, dirname(volume)],
      env: { ...env, VGW_PORT: `127.0.0.1:${port}` },
      cwd: root,
      log,
      pidFile,
      port,
    });
  },
};
