import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FormMemory } from "../compiler/4-emit/pulumi/check-statements.ts";
import { packageFolder } from "../deploy/machine-folders.ts";
import { sha256 } from "../util/sha256.ts";

/** How many forms are kept; a storefront has about ten. */
const FORMS_MAX = 4_096;

/**
 * The forms of statements that a version of the parser has accepted, kept beside Node's compile cache. A file that is missing, damaged or
 * not writable means that they are parsed again, nothing else.
 */
export function openFormMemory(
  parserVersion: string,
  folder: string = join(packageFolder(), "node_modules", ".cache", "supercargo"),
): FormMemory {
  const path = join(folder, `forms-${parserVersion}.json`);
  const known = readDigests(path);
  return {
    has: (form) => known.has(sha256(form)),
    add(forms) {
      for (const form of forms) known.add(sha256(form));
      writeDigests(path, [...known].slice(-FORMS_MAX));
    },
  };
}

function readDigests(path: string): Set<string> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const isDigest = (item: unknown) => typeof item === "string" && /^[0-9a-f]{64}$/.test(item);
    return new Set(Array.isArray(value) && value.every(isDigest) ? value : []);
  } catch {
    return new Set();
  }
}

function writeDigests(path: string, digests: readonly string[]): void {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, JSON.stringify(digests));
    renameSync(draft, path);
  } catch {
    // A folder that cannot be written costs the next run the loading of ts-morph.
  }
}
