import { memberAt, textAt } from "../../../util/json-access.ts";
import type { Failure } from "../read-answers.ts";
import { listAll } from "./list-all.ts";
import type { StripeProvisioningOptions } from "./options.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

/** An active connection at the provider. */
export interface Connection {
  readonly kind: "connection";
  readonly id: string;
  /** The provider's id of the account. */
  readonly accountId: string;
}

/**
 * The active connection with this id, where one is given, else the one of this person: that whose account has the e-mail address as its primary one. `undefined`
 * when there is none; `email_mismatch` when the one with the id is, by Stripe's word, another person's.
 */
export async function findConnection(
  options: StripeProvisioningOptions,
  { id, email }: { readonly id?: string | undefined; readonly email?: string | undefined },
): Promise<Connection | Failure | undefined> {
  const answer = await listAll(options, "/provider_connections");
  if (answer.kind !== "listed") return answer;
  const isTheirs = (row: unknown): boolean | undefined => {
    const primary = textAt(row, ["provider_account_details", "primary_email"]);
    return primary === undefined || email === undefined
      ? undefined
      : primary.toLowerCase() === email.toLowerCase();
  };
  const row = answer.rows.find(
    (one) =>
      memberAt(one, "provider") === options.provider &&
      memberAt(one, "status") === "active" &&
      (id === undefined ? isTheirs(one) === true : memberAt(one, "id") === id),
  );
  if (row === undefined) return undefined;
  // Stripe need not tell whose the account is; that it came of the person's own request tells it, too.
  if (isTheirs(row) === false) return { kind: "unknown", code: "email_mismatch" };
  const own = textAt(row, ["id"], ID);
  const accountId = textAt(row, ["provider_account"], ID);
  return own === undefined || accountId === undefined
    ? { kind: "unknown", code: "malformed" }
    : { kind: "connection", id: own, accountId };
}
