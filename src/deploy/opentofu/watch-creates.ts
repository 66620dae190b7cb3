import type { OpentofuMessage } from "./read-message.ts";

/** Where the creations of one apply are, by URN. */
export interface CreateWatch {
  /** They exist. */
  readonly made: ReadonlySet<string>;
  /** Begun, and nothing was said of their end: whether they exist is not known. */
  readonly open: ReadonlySet<string>;
  note(message: Exclude<OpentofuMessage, { readonly kind: "outputs" }>): void;
}

/** Follows what OpenTofu says while it applies. */
export function watchCreates(): CreateWatch {
  const made = new Set<string>();
  const open = new Set<string>();
  return {
    made,
    open,
    note(message) {
      if (message.kind === "error") {
        if (message.urn !== undefined) open.delete(message.urn);
      } else if (message.action === "create") {
        if (message.phase === "begins") open.add(message.urn);
        else open.delete(message.urn);
        if (message.phase === "ends") made.add(message.urn);
      }
    },
  };
}
