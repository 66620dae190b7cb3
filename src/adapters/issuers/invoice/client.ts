import { textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { IssueAnswer, Issuer, PaymentTokenState, RevealAnswer } from "../contract.ts";
import { nameToken } from "../name-token.ts";
import invoice from "./index.ts";

export interface InvoiceConnection {
  /** What providers know the organisation by whose bills they send. */
  readonly reference: string;
}

/** `invoice_<currency>_<end, seconds since the epoch>_<which act>` */
const TOKEN = /^invoice_([A-Z]{3})_(\d{1,11})_[0-9a-f]{32}$/;

export function openIssuer(connection: unknown): Issuer | undefined {
  const reference = textAt(connection, ["reference"], /^[\x21-\x7e]{1,128}$/);
  return reference === undefined ? undefined : createInvoiceIssuer({ reference });
}

/**
 * Pays by no credential at all: a provider that agreed to bill the organisation is told for whom the bill is. Nobody is asked, so nothing can be lost or be done
 * twice, and nothing stands behind our ledger's caps.
 */
export function createInvoiceIssuer({ reference }: InvoiceConnection): Issuer {
  const read = (token: Secret): PaymentTokenState => {
    const [, currency = "", end] = TOKEN.exec(token.reveal()) ?? [];
    if (end === undefined) return { kind: "absent" };
    const expiresAt = new Date(Number(end) * 1000).toISOString();
    return { kind: "active", captured: { currency, minor: 0n }, expiresAt };
  };

  return {
    id: invoice.id,
    capabilities: invoice.capabilities,

    async issue({ key, cap, expiresAt }): Promise<IssueAnswer> {
      const end = Math.floor(Date.parse(expiresAt) / 1000);
      const id = `invoice_${cap.currency}_${end}_${sha256(key).slice(0, 32)}`;
      return {
        kind: "issued",
        token: new Secret(id),
        reference: nameToken(invoice.id, id),
        expiresAt: new Date(end * 1000).toISOString(),
      };
    },

    read: async (token) => read(token),

    /** There is nothing that could be used from then on: what the provider has been told is who pays for what we order. */
    async revoke(token) {
      const state = read(token);
      return state.kind === "active"
        ? { kind: "deactivated", reason: "nothing_to_revoke", captured: state.captured }
        : state;
    },

    async reveal(token): Promise<RevealAnswer> {
      if (read(token).kind === "absent") return { kind: "refused", code: "absent" };
      return { kind: "revealed", type: "invoice", credential: new Secret(reference) };
    },
  };
}
