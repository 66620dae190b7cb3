import { type LedgerPlace, openPlace } from "./open-place.ts";
import { LedgerStorageError } from "./store.ts";

/** Who may write a ledger: the newest opener, whose number every commit is compared with. */
export interface Fence {
  /** How many writers there were. */
  readonly writer: number;
  /** What the newest entry of the log says of it; undefined while nothing was written. */
  readonly last?:
    | { readonly at: string; readonly subject?: string | undefined; readonly run: string }
    | undefined;
}

/** Reads the fence and disturbs nobody. `absent`: there is no ledger yet; `older`, `newer`: another version wrote it. */
export async function describeFence(
  place: LedgerPlace,
): Promise<Fence | "absent" | "older" | "newer" | "unreachable"> {
  try {
    const store = await openPlace(place, "reader");
    if (typeof store === "string") return store;
    try {
      return await store.read(async (select, { epoch }) => {
        const sql = "SELECT entry FROM log ORDER BY sequence DESC LIMIT 1";
        const [row] = await select(sql, { entry: "text" });
        return { writer: epoch, last: row && readActor(String(row.entry)) };
      });
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof LedgerStorageError) return "unreachable";
    throw error;
  }
}

function readActor(entry: string): Fence["last"] {
  const { at, actor } = JSON.parse(entry) as {
    readonly at: string;
    readonly actor: { readonly run: string; readonly subject?: string };
  };
  return { at, run: actor.run, subject: actor.subject };
}
