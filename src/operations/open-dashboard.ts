import type { Outcome } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";
import { type AccountLinkQuery, type WrittenLink, writeAccountLink } from "./write-account-link.ts";

/** Writes a link that signs a person in at an account's dashboard into a file; the provider gives one that works once. */
export function openDashboard(
  workplace: Workplace,
  query: AccountLinkQuery,
): Promise<Outcome<WrittenLink>> {
  return writeAccountLink(workplace, query, {
    connect: true,
    show: (broker) => broker.showDashboard(query.account),
  });
}
