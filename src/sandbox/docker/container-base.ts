import { createHash } from "node:crypto";
import { join } from "node:path";
import { SERVER_IDENTITY } from "./programs/server-identity.ts";

/** Below which the files of containers and volumes are: `home`, or where we are root a place that the servers' user can reach, which follows from it. */
export function containerBase(home: string): string {
  if (SERVER_IDENTITY === undefined) return home;
  const digest = createHash("sha256").update(home).digest("hex").slice(0, 16);
  return join("/var/tmp", `supercargo-${digest}`);
}
