import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxContext } from "../context.ts";

/** Path of the socket of a sandbox. */
export function dockerSocket(context: Pick<SandboxContext, "folder">): string {
  const user = process.getuid?.() ?? 0;
  const home = createHash("sha256").update(context.folder("docker")).digest("hex").slice(0, 16);
  return join(tmpdir(), `supercargo-docker-${user}-${home}`, "docker.sock");
}
