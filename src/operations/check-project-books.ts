import { fail } from "../broker/errors.ts";
import { BOOK_FINDINGS, checkBooks } from "../broker/ledger/check-books.ts";
import { openPlace } from "../broker/ledger/open-place.ts";
import { readRawBooks } from "../broker/ledger/read-raw-books.ts";
import { LedgerStorageError } from "../broker/ledger/store.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { refuseBroker } from "./refuse-broker.ts";

/** Findings that are told in full. */
const FINDINGS_MAX = 20;

/** Derives the books of a home's own ledger anew, from its rows and log; undefined when nothing about them is wrong. Disturbs nobody. */
export async function checkProjectBooks(home: string): Promise<Refusal | undefined> {
  const findings = await readFindings(home);
  if (findings === "older" || findings === "newer") return refuseBroker(fail(`ledger_${findings}`));
  if (findings === "absent") return undefined;
  if (findings === "unreadable")
    return refuseBooks("its rows cannot be read as what they should be", []);
  const [first, ...more] = findings;
  if (first === undefined) return undefined;
  const rest = more.length === 0 ? "" : `, and ${more.length} more`;
  return refuseBooks(`${BOOK_FINDINGS[first.code]} (${first.about})${rest}`, findings);
}

/** Rows that somebody changed may be no rows of ours any more. */
async function readFindings(home: string) {
  try {
    const store = await openPlace({ home }, "reader");
    if (typeof store === "string") return store;
    try {
      return checkBooks(await readRawBooks(store));
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof LedgerStorageError) return "unreadable";
    throw error;
  }
}

function refuseBooks(what: string, findings: ReturnType<typeof checkBooks>): Refusal {
  return refuse({
    kind: "refused",
    code: "books-changed",
    message: `the ledger's books cannot be: ${what}`,
    remedy: "Buy nothing with it; `.supercargo` of a backup shows what it was.",
    details: {
      count: findings.length,
      findings: findings
        .slice(0, FINDINGS_MAX)
        .map((one) => ({ ...one, what: BOOK_FINDINGS[one.code] })),
    },
  });
}
