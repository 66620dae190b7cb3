import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { sha256 } from "../util/sha256.ts";
import { machineState } from "./machine-state.ts";
import type { Workplace } from "./workplace.ts";

/**
 * The file in which this machine remembers how far the ledger of a home was seen, `<state>/seen/<digest of the home's path>.json`: outside of the folder that is backed
 * up with the ledger, so that an older copy of all of it is noticed.
 */
export function seenPath(workplace: Pick<Workplace, "env">, home: string): string {
  const place = existsSync(home) ? realpathSync(home) : resolve(home);
  return join(machineState(workplace), "seen", `${sha256(place).slice(0, 32)}.json`);
}
