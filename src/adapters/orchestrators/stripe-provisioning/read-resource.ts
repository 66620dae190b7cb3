import type { JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import type { ResourceAnswer } from "../contract.ts";
import { callStripe, isAbsent, readBody } from "./call-stripe.ts";
import type { StripeProvisioningOptions } from "./options.ts";
import { type Revealed, revealAccess } from "./reveal-access.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

/** What Stripe says of a resource; what is complete is shown with its credentials and their end. */
export type ResourceState = Exclude<ResourceAnswer, { readonly kind: "complete" }> | Revealed;

/** What a resource's state means, with its credentials, which another call shows. */
export async function readResource(
  options: StripeProvisioningOptions,
  exchange: JsonExchange,
): Promise<ResourceState> {
  const answer = readBody(exchange);
  if (answer.kind !== "body") return answer;
  const id = textAt(answer.body, ["id"], ID);
  if (id === undefined) return { kind: "unknown", code: "malformed" };
  switch (memberAt(answer.body, "status")) {
    case "complete":
      return revealAccess(options, id);
    case "pending":
      return { kind: "pending", id };
    case "needs_information":
      return { kind: "needs-information", id };
    case "removed":
      return { kind: "removed", id };
    case "errored":
      return { kind: "refused", code: "errored" };
    default:
      return { kind: "unknown", code: "malformed" };
  }
}

/** A look that fails says nothing about the resource. */
export async function lookAtResource(
  options: StripeProvisioningOptions,
  id: string,
): Promise<ResourceState> {
  const exchange = await callStripe(options, "GET", `/resources/${encodeURIComponent(id)}`);
  if (isAbsent(exchange)) return { kind: "absent" };
  const seen = await readResource(options, exchange);
  return seen.kind === "refused" && seen.code !== "errored"
    ? { kind: "unknown", code: seen.code }
    : seen;
}
