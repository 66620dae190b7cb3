import { listAt, memberAt } from "../../../util/json-access.ts";
import type { Failure } from "../read-answers.ts";
import { callStripe, readBody } from "./call-stripe.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** Pages that are read of one list. */
const PAGES = 20;

/** All rows of a list; `unknown` where it does not end. A page names the next one by its address (https://docs.stripe.com/api-v2-overview, "List pagination"). */
export async function listAll(
  options: StripeProvisioningOptions,
  path: string,
  query: URLSearchParams = new URLSearchParams(),
): Promise<{ readonly kind: "listed"; readonly rows: readonly unknown[] } | Failure> {
  const rows: unknown[] = [];
  let asked = query;
  for (let page = 0; page < PAGES; page++) {
    const answer = readBody(
      await callStripe(options, "GET", asked.size === 0 ? path : `${path}?${asked}`),
    );
    if (answer.kind !== "body") return answer;
    const data = listAt(answer.body, "data");
    if (data === undefined) return { kind: "unknown", code: "malformed" };
    rows.push(...data);
    const next = memberAt(answer.body, "next_page_url") ?? undefined;
    if (next === undefined) return { kind: "listed", rows };
    // Only what it asks for is taken, never where it leads.
    const [, search] = typeof next === "string" ? next.split("?") : [];
    if (search === undefined) return { kind: "unknown", code: "malformed" };
    asked = new URLSearchParams(search);
  }
  return { kind: "unknown", code: "endless_list" };
}
