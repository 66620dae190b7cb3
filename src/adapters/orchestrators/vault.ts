import type { Secret } from "../../util/secret.ts";

/** Where an adapter keeps what must outlive a process and belongs to no account yet: keys, and what a person has begun. Sealed at rest. */
export interface AdapterVault {
  read(name: string): Promise<Secret | undefined>;
  /** Undefined forgets. Durable when the promise resolves. */
  write(name: string, value: Secret | undefined): Promise<void>;
}
