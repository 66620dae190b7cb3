import { ACCOUNT_ERRORS } from "./account-errors.ts";
import { PRICE_ERRORS } from "./price-errors.ts";

/**
 * Everything the broker can answer with instead of a result: a closed list. Messages and remedies are ours; what a provider says never
 * reaches them. `{name}` stands for a value of our own making.
 */
export const BROKER_ERRORS = {
  ...ACCOUNT_ERRORS,
  ...PRICE_ERRORS,
  bad_request: {
    message: "the broker cannot read the request",
    remedy: "Use the same version of supercargo for the stack and for the broker.",
  },
  broker_not_running: {
    message: "no broker is running, so nothing can be created, changed or deleted",
    remedy: "Run `npx supercargo up` instead of calling the engine directly.",
  },
  broker_unreachable: {
    message: "the broker did not answer in time or gave an answer of another form",
    remedy: "Run `npx supercargo up` again; what was already done is found again.",
  },
  not_permitted: {
    message: "the guardrails do not permit `{verb}` of `{kind}`",
    remedy: "Ask the owner of the guardrails to permit it.",
  },
  not_in_manifest: {
    message: "the manifest that this run was started with asks for something else",
    remedy: "Run `npx supercargo up`, which compiles the stack anew from the manifest.",
  },
  session_refused: {
    message: "the broker does not know who asks, or what is asked is no part of the run",
    remedy:
      "Run `npx supercargo up` again; if it stays so, another process has used what admits to the run.",
  },
  frozen: {
    message: "spending is frozen for `{scope}`",
    remedy:
      "Look for the reason with `npx supercargo log`; taking power away still works, spending waits for a person.",
  },
  cap_exceeded: {
    message: "{amount} does not fit under the cap `{cap}` of {limit}",
    remedy: "Ask the owner of the guardrails to raise the cap, or ask for less.",
  },
  currency_mismatch: {
    message: "the amount {amount} is not in the currency of the cap `{cap}`",
    remedy: "Use one currency for budget, guardrails and prices.",
  },
  count_exceeded: {
    message: "one more would be more than the {limit} allowed of `{count}`",
    remedy: "Ask the owner of the guardrails to allow more, or remove one.",
  },
  alert_not_accepted: {
    message:
      "an alert about the cap `{cap}` was accepted by no sink, so nothing is bought under it",
    remedy:
      "Run `npx supercargo alerts --test` to see which sink fails, then run `npx supercargo up` again.",
  },
  velocity_exceeded: {
    message: "there were {limit} acts within `{cap}` already, and no more are allowed",
    remedy:
      "Wait until the window has passed; if so many acts are right, ask the owner of the guardrails to raise `velocity`.",
  },
  domain_unavailable: {
    message: "the domain cannot be registered with this provider",
    remedy: "Choose another domain.",
  },
  domain_never_deleted: {
    message: "a registered domain is never deleted",
    remedy: "Remove it from the stack; it stays registered and is found again later.",
  },
  domain_lost: {
    message: "the account no longer holds this domain, and it is not bought a second time",
    remedy: "Look at the domain in the provider's dashboard.",
  },
  domain_owned_elsewhere: {
    message: "another resource of this project already owns the domain",
    remedy: "Use that resource, or choose another domain.",
  },
  consent_required: {
    message: "a person must consent at the provider before the account can be used",
    remedy: "Open the link that is shown, then run `npx supercargo up` again.",
  },
  action_required: {
    message: "the provider waits for a person before it goes on",
    remedy: "Look into the provider's dashboard, then run `npx supercargo up` again.",
  },
  information_required: {
    message: "the provider asks for information that the manifest does not hold",
    remedy: "Complete the service's `config`, or set the service up in the provider's dashboard.",
  },
  still_pending: {
    message: "the provider has accepted and is not done yet",
    remedy: "Run `npx supercargo up` again later; nothing is bought twice.",
  },
  purchase_queued: {
    message:
      "the provider cannot be reached, so the purchase of at most {amount} is queued until {until}: its money is held, nothing was sent",
    remedy:
      "Run `npx supercargo up` again before that, after which it is given back; `npx supercargo queue drop` gives it back at once.",
  },
  outcome_unknown: {
    message: "it is not known whether the provider has acted; its money stays held",
    remedy:
      "Run `npx supercargo up` again; if it stays so, look into the provider's dashboard and run `npx supercargo settle`.",
  },
  settled_by_hand: {
    message: "the service exists by a person's word alone: its id and credentials never arrived",
    remedy:
      "Remove it at the provider and tell so with `npx supercargo settle <act> --ended`; then it can be had anew.",
  },
  service_held: {
    message: "the account has this service only once, and another resource holds it already",
    remedy: "Use that resource, or remove one of both from the manifest.",
  },
  refused_by_provider: {
    message: "the provider refused",
    remedy: "Look into the provider's dashboard for the reason.",
  },
  rotation_refused: {
    message: "the provider did not replace the service's credentials, so the old ones still work",
    remedy: "Replace them in the provider's dashboard, or destroy the service.",
  },
  provider_unreachable: {
    message: "the provider does not answer, and nothing was changed there",
    remedy: "Try again later.",
  },
  unknown_provider: {
    message: "the broker has no connection to this provider",
    remedy: "Connect the provider, or use another one in the manifest.",
  },
  no_issuer: {
    message: "none of the manifest's payment issuers answers",
    remedy: "Try again later, or add another issuer under `payment` in the manifest.",
  },
  payment_token_missing: {
    message: "the stack has no live payment token with this id for the account",
    remedy: "Run `npx supercargo up` for the whole stack.",
  },
  token_disabled: {
    message: "the access token was disabled at the provider, and is not enabled again by itself",
    remedy: "Find out who disabled it and why, then revoke it or enable it there.",
  },
  payload_changed: {
    message: "an unfinished act of this resource was started with other inputs",
    remedy: "Undo the change, run `npx supercargo up`, then change it again.",
  },
  immutable_input: {
    message: "an input that cannot change was changed",
    remedy: "Undo the change, or give the resource another name.",
  },
  update_unsupported: {
    message: "this service cannot change its configuration in place",
    remedy: "Give the resource another name to get a new instance.",
  },
  lease_revoked: {
    message: "a person took this right back, and no run takes it again by itself",
    remedy: "A person may run `npx supercargo rotate` to hand out a new credential.",
  },
  lease_unknown: {
    message: "the ledger knows no such lease of this resource",
    remedy: "Use the `.supercargo` folder that the stack was deployed with.",
  },
  not_revoked: {
    message: "the provider did not confirm the removal, so it may still be there",
    remedy: "Run the command again; until it succeeds the lease stays listed.",
  },
  stale_writer: {
    message: "another supercargo process has taken over the ledger",
    remedy: "Let the other process finish, then run the command again.",
  },
  log_unwritable: {
    message: "the log cannot be written, so nothing is dispatched",
    remedy: "Free disk space or restore write access to the `.supercargo/log` folder.",
  },
  log_contradicted: {
    message:
      "the ledger does not hold the entries that its log has signed, or the checkpoint is not the log's",
    remedy:
      "Run `npx supercargo log verify`, then restore the `.supercargo` folder from a backup of one moment.",
  },
  log_rolled_back: {
    message: "the witness has seen more of this log than there is: an older copy was put back",
    remedy:
      "Restore the newest copy of the `.supercargo` folder; what the older one says about money is not true.",
  },
  log_forked: {
    message: "the witness has seen another history of this log, so this one cannot be trusted",
    remedy:
      "Run `npx supercargo log verify` and compare with a backup; a copied `.supercargo` folder must not be used beside its original.",
  },
  log_key_missing: {
    message: "the ledger exists but the log's key file `log.key` is missing or damaged",
    remedy: "Restore `.supercargo/log.key` from a backup.",
  },
  log_key_exposed: {
    message: "the log's key file `log.key` can be read by other users",
    remedy: "Run `chmod 600` on it; the witness still shows whether somebody used it.",
  },
  witness_unreachable: {
    message:
      "the witness of the log does not answer, so nothing that costs money or gives power is sent",
    remedy:
      "Start the witness, or see that its folder (`~/.local/state/supercargo/witness` by default) can be written.",
  },
  witness_unknown_log: {
    message: "the witness does not know this log or its key",
    remedy:
      "Give the witness the line in `.supercargo/log/verifier-key`, or restore the log's own key.",
  },
  ledger_unwritable: {
    message: "the ledger cannot be read or written, so nothing is dispatched",
    remedy:
      "Free disk space or restore access to the `.supercargo` folder, or to the database that keeps the ledger.",
  },
  ledger_newer: {
    message: "the ledger was written by a newer version of supercargo",
    remedy: "Update supercargo.",
  },
  ledger_older: {
    message: "the ledger was written by an older version of supercargo, whose books differ",
    remedy:
      "Go on with that version. A project that only has `local` can move its `.supercargo` folder away and start anew; a live ledger is never begun again.",
  },
  ledger_rolled_back: {
    message:
      "the ledger is older than what was seen of it before, so what it says about money cannot be trusted",
    remedy:
      "Restore the newest ledger (`.supercargo/ledger.sqlite`, or the database); `.supercargo/log/events.jsonl` shows what it lacks.",
  },
  keystore_missing: {
    message: "the ledger exists but its key file `keystore.key` is missing or damaged",
    remedy: "Restore `.supercargo/keystore.key` from a backup.",
  },
  keystore_exposed: {
    message: "the key file `keystore.key` can be read by other users",
    remedy: "Run `chmod 600` on it, and revoke the tokens if somebody may have read it.",
  },
  internal: {
    message: "the broker failed because of a bug; open acts are taken up again by the next run",
    remedy: "Run `npx supercargo up` again and report the bug.",
  },
} as const;

export type BrokerErrorCode = keyof typeof BROKER_ERRORS;

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type ValuesOf<Code extends BrokerErrorCode> = Names<(typeof BROKER_ERRORS)[Code]["message"]>;
type ValuesArgument<Code extends BrokerErrorCode> = [ValuesOf<Code>] extends [never]
  ? []
  : [Readonly<Record<ValuesOf<Code>, string>>];

/** The broker's no. */
export interface BrokerFailure {
  readonly ok: false;
  readonly code: BrokerErrorCode;
  readonly message: string;
  readonly remedy: string;
  /** A page that a person must open; shown to the person, never followed, never part of a message. */
  readonly link?: string | undefined;
}

/** Builds a failure. Values are our own texts; one that is not plain ASCII of at most 120 characters is shown as `?`. */
export function fail<Code extends BrokerErrorCode>(
  code: Code,
  ...[values]: ValuesArgument<Code>
): BrokerFailure {
  const { message, remedy } = BROKER_ERRORS[code];
  const filled = message.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = (values as Readonly<Record<string, string>> | undefined)?.[name] ?? "?";
    return /^[\x20-\x7e]{1,120}$/.test(value) ? value : "?";
  });
  return { ok: false, code, message: filled, remedy };
}
