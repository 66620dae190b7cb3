import type { ContainerRecord } from "./docker-records.ts";

/** What a program needs to stand for a container. */
export interface ProgramInput {
  readonly container: ContainerRecord;
  /** The container's own files. */
  readonly root: string;
  /** With everything in it as it is on this machine: names of containers, paths of volumes, the port. */
  readonly env: Readonly<Record<string, string>>;
  /** On 127.0.0.1. */
  readonly port: number;
  /** Where a container of the same network answers on this machine. */
  findPort(name: string): number | undefined;
  /** Folders of all its volumes. */
  readonly volumes: readonly string[];
  /** Folder of the volume that is mounted at `path`, or below it. */
  findVolume(path: string): string | undefined;
  /** A file's text among those that were put into the container; undefined when there is none. */
  readFile(path: string): string | undefined;
  /** Makes the folder for programs that have to be copied to where their user can reach them. */
  makePrograms(): string;
  /** Where its output goes. */
  readonly log: string;
  readonly pidFile: string;
}

/** A program that runs. */
export interface RunningProgram {
  /** Resolves when it is of use; rejects when it never will be. */
  readonly ready: Promise<void>;
  /** Resolves with the exit code when it ends. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

/** What stands for the containers of an image. */
export interface Program {
  /** The port in the container at which it answers, if it does. */
  readonly innerPort?: number | undefined;
  start(input: ProgramInput): Promise<RunningProgram>;
}
