import { type CredentialContext, credentialsOf } from "./credential.ts";

/** Every provider of the sandbox has agreed to bill the organisation under this reference. */
export function openInvoice(context: CredentialContext, reference: string): void {
  const invoices = credentialsOf(context);
  if (invoices.get(reference) !== undefined) return;
  invoices.put(reference, {
    ...{ id: reference, issuer: "invoice", status: "active", currency: null, captures: [] },
    createdAt: context.now(),
    detail: null,
  });
}
