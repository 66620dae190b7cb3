import { type BrokerFailure, fail } from "../errors.ts";

/** What a person did, or did not do, about a consent link, and what an orchestrator's own rules say, as failures with a remedy. */
export function explainAccountRefusal({ code }: { readonly code: string }): BrokerFailure {
  switch (code) {
    case "email_mismatch":
      return fail("email_mismatch");
    case "access_denied":
      return fail("consent_refused");
    case "consent_expired":
    case "expired":
    case "account_request_expired":
      return fail("consent_expired");
    case "claim_expired":
      return fail("account_gone");
    case "account_not_found":
      return fail("account_not_found");
    case "terms_not_accepted":
      return fail("terms_not_accepted");
    default:
      return fail("refused_by_provider");
  }
}
