import { BOOK_FINDINGS, type BookFinding, checkBooks } from "../broker/ledger/check-books.ts";
import { openPlace } from "../broker/ledger/open-place.ts";
import { readRawBooks } from "../broker/ledger/read-raw-books.ts";

/** A finding and what it means. */
export type ToldBookFinding = BookFinding & { readonly what: string };

/** Derives the books of a home's own ledger anew, from its rows and log. Disturbs nobody; `older`, `newer`: another version wrote it. */
export async function checkProjectBooks(
  home: string,
): Promise<readonly ToldBookFinding[] | "absent" | "older" | "newer"> {
  const store = await openPlace({ home }, "reader");
  if (typeof store === "string") return store;
  try {
    const findings = checkBooks(await readRawBooks(store));
    return findings.map((finding) => ({ ...finding, what: BOOK_FINDINGS[finding.code] }));
  } finally {
    await store.close();
  }
}
