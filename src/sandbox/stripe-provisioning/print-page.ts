import type { Json } from "../../util/canonical-json.ts";
import { type ProvisioningAnswer, refuseProvisioning } from "./provisioning-answer.ts";

const ROWS = 20;
const ROWS_MAX = 100;

/** One page of a list, which names the next one by its address. */
export function printPage(url: URL, rows: readonly Json[]): ProvisioningAnswer {
  const limit = Number(url.searchParams.get("limit") ?? ROWS);
  const start = Number(url.searchParams.get("page") ?? 0);
  const isSane = Number.isSafeInteger(start) && start >= 0 && limit >= 1 && limit <= ROWS_MAX;
  if (!isSane || !Number.isSafeInteger(limit)) return refuseProvisioning(400, "invalid_parameter");
  const end = start + limit;
  const next = new URLSearchParams(url.searchParams);
  next.set("page", String(end));
  return {
    status: 200,
    body: {
      data: rows.slice(start, end),
      next_page_url: end < rows.length ? `${url.pathname}?${next}` : null,
      previous_page_url: null,
    },
  };
}
