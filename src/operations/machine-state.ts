import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Workplace } from "./workplace.ts";

/** What this machine remembers of its projects, `${XDG_STATE_HOME:-~/.local/state}/supercargo`: outside of every project. */
export function machineState({ env }: Pick<Workplace, "env">): string {
  const state = env.XDG_STATE_HOME ?? "";
  const base = isAbsolute(state) ? state : join(homedir(), ".local", "state");
  return join(base, "supercargo");
}
