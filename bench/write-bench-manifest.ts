import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a project with `count` resources, half of them key-value stores, half buckets, and returns its folder. */
export function writeBenchManifest(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  const lines = [
    "apiVersion: supercargo/v1",
    `name: bench-${count}`,
    "principal: { email: bench@example.com }",
    "agent: { id: bench }",
    "orchestrator: [stripe]",
    "payment: [stripe]",
    "provider: cloudflare",
    "resources:",
  ];
  for (let index = 0; index < count; index++) {
    lines.push(`  store-${index}: { kind: ${index % 2 === 0 ? "kv" : "bucket"} }`);
  }
  writeFileSync(join(folder, "supercargo.yaml"), `${lines.join("\n")}\n`);
  return folder;
}
