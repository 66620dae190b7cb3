import type { Outcome } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";
import { type AccountLinkQuery, type WrittenLink, writeAccountLink } from "./write-account-link.ts";

/** Writes the link that makes an unclaimed account somebody's own into a file for a person. */
export function claimAccount(
  workplace: Workplace,
  query: AccountLinkQuery,
): Promise<Outcome<WrittenLink>> {
  return writeAccountLink(workplace, query, {
    connect: true,
    show: (broker) => broker.showClaim(query.account),
  });
}
