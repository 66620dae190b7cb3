import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Answers from the folder's memory, or asks and remembers; what cannot be told is asked again. */
export async function rememberVersion(
  folder: string,
  key: string,
  ask: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const path = join(folder, "versions.json");
  const known = readMemory(path);
  if (known[key] !== undefined) return known[key];
  const version = await ask();
  if (version === undefined) return undefined;
  try {
    mkdirSync(folder, { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ ...known, [key]: version }));
    renameSync(draft, path);
  } catch {
    // A folder that cannot be written costs the next run 0.2 s.
  }
  return version;
}

function readMemory(path: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return value !== null && typeof value === "object" ? (value as Record<string, string>) : {};
  } catch {
    return {};
  }
}
