import { join } from "node:path";

/** A stack and where its things are. */
export interface StackPlace {
  /** The project root, absolute; `.supercargo/` is below it. */
  readonly root: string;
  /** The folder with the generated files that people see, absolute; our own runs work in a copy of what was generated. */
  readonly folder: string;
  /** The name in `Pulumi.yaml`, which is the manifest's. */
  readonly project: string;
  /** `local`, `prod` ... */
  readonly stack: string;
}

/** The folder of Pulumi's file backend, as the generated `Pulumi.yaml` names it. */
export function stateFolder(place: StackPlace): string {
  return join(place.root, ".supercargo", "pulumi", ".pulumi");
}

/** The stack's state (pulumi `pkg/backend/diy/store.go`: `stacks/<project>/<stack>.json`). */
export function checkpointFile(place: StackPlace): string {
  return join(stateFolder(place), "stacks", place.project, `${place.stack}.json`);
}

/** The folder of the stack's lock files (pulumi `pkg/backend/diy/lock.go`; a file backend's organisation is always `organization`). */
export function lockFolder(place: StackPlace): string {
  return join(stateFolder(place), "locks", "organization", place.project, place.stack);
}
