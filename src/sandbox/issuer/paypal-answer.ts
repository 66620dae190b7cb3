import type { Json } from "../../util/canonical-json.ts";

/** A status and a body; none with 204. */
export interface PaypalAnswer {
  readonly status: number;
  readonly body: Json;
}

/** An error of PayPal's REST API (https://developer.paypal.com/api/rest/responses/); `issue` is what its details say. */
export function buildPaypalError(status: number, name: string, issue?: string): PaypalAnswer {
  const details = issue === undefined ? {} : { details: [{ issue, description: issue }] };
  return { status, body: { name, message: name, debug_id: "0000000000000", ...details } };
}

export const NOT_FOUND: PaypalAnswer = buildPaypalError(404, "RESOURCE_NOT_FOUND");
