import { homedir } from "node:os";
import type { Machine } from "./engine.ts";

/** The machine and the process we are in. */
export function thisMachine(): Machine {
  return {
    env: process.env,
    node: process.execPath,
    home: homedir(),
    platform: process.platform,
  };
}
