import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { textAt } from "../../../util/json-access.ts";
import { writeDurably } from "../../../util/write-durably.ts";

/** The adapter's folder: the CLI works in one below it, of which nothing but the CLI's own files is part. */
export interface ProjectFolder {
  /** Where the CLI works. */
  readonly work: string;
  /** Whose project was begun here; `damaged` when that cannot be read. */
  owner(): string | "damaged" | undefined;
  /** Whether the CLI's own files are here, so that it speaks of this project and not of one in a folder above. */
  isBegun(): boolean;
  /** Writes down, durably, that a project is begun here for this person: none is ever begun again. */
  record(email: string): void;
  /** Only when it is certain that none was begun. */
  forget(): void;
  /** Whether there is a file of credentials. */
  isUntidy(): boolean;
  /** Removes the file of credentials that a CLI wrote for somebody who was killed. */
  tidy(): void;
  make(): void;
}

export function openProjectFolder(folder: string): ProjectFolder {
  const work = join(folder, "project");
  const file = join(folder, "project.json");
  return {
    work,
    isUntidy: () => existsSync(join(work, ".env")),
    tidy: () => rmSync(join(work, ".env"), { force: true }),
    owner() {
      try {
        return textAt(JSON.parse(readFileSync(file, "utf8")), ["email"]) ?? "damaged";
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "damaged";
      }
    },
    isBegun: () => existsSync(join(work, ".projects")),
    record: (email) => writeDurably(folder, "project.json", JSON.stringify({ version: 1, email })),
    forget: () => rmSync(file, { force: true }),
    make: () => void mkdirSync(work, { recursive: true, mode: 0o700 }),
  };
}
