/** {@link BROKER_ERRORS} about accounts and who vouches for them. */
export const ACCOUNT_ERRORS = {
  email_mismatch: {
    message: "the person who consented has another e-mail address than the manifest's principal",
    remedy: "Log in with the principal's address, then run `npx supercargo up` again.",
  },
  consent_refused: {
    message: "the person refused to link the account",
    remedy: "Run `npx supercargo up` again for another link, if that was not meant.",
  },
  consent_expired: {
    message: "nobody consented in time",
    remedy: "Run `npx supercargo up` again for a fresh link.",
  },
  account_not_found: {
    message: "the provider has no account of this principal that could be opened",
    remedy: "Check the principal's e-mail address in the manifest.",
  },
  terms_not_accepted: {
    message: "somebody's terms of service must be accepted first, which only a person can do",
    remedy:
      "Read and accept them at the orchestrator or provider, then run `npx supercargo up` again.",
  },
  nothing_to_claim: {
    message: "this account is somebody's already, or its deadline is over",
    remedy: "Run `npx supercargo leases` to see which accounts wait to be claimed.",
  },
  no_dashboard: {
    message: "there is no link to the dashboard of this account",
    remedy: "Sign in at the provider as the manifest's principal.",
  },
  account_gone: {
    message:
      "the account is no longer the stack's: nobody claimed it in time, somebody did, or it was deleted",
    remedy:
      "Run `npx supercargo destroy`, which forgets it; the next `npx supercargo up` asks for another one.",
  },
  session_not_rotated: {
    message: "the orchestrator gave the same credential again, which therefore still works",
    remedy:
      "Revoke the account's session with `npx supercargo revoke`, or change it at the provider.",
  },
  own_payment_unlimited: {
    message: "what the orchestrator may charge could not be limited, so nothing is bought",
    remedy:
      "Run `npx supercargo up` again; if that stays so, look at the spending limits at the orchestrator.",
  },
  services_not_movable: {
    message: "services hang on the account that `{orchestrator}` would not find again",
    remedy: "Remove them first, or leave the account with the orchestrator that made them.",
  },
  account_not_movable: {
    message: "the account cannot be opened through `{orchestrator}`",
    remedy:
      "Name an orchestrator that the broker is connected to and that opens existing accounts.",
  },
  no_orchestrator: {
    message: "none of the manifest's orchestrators answers for this provider",
    remedy: "Try again later, or add another orchestrator to the manifest.",
  },
  account_missing: {
    message: "the stack has no live account with this id at the provider",
    remedy: "Run `npx supercargo up` for the whole stack.",
  },
  account_mismatch: {
    message: "the provider answered for another account than the one in the ledger",
    remedy: "Have a person check which account belongs to the principal.",
  },
} as const;
