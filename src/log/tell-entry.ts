import { toVisibleAscii } from "../util/visible-text.ts";
import type { EventName, LogEntry } from "./event.ts";

/** How an entry ends for the act that it is about. */
export type StoryOutcome = "begun" | "done" | "refused" | "waiting" | "noted";

/** An entry in plain words. */
export interface StoryLine {
  readonly sequence: number;
  /** RFC 3339 UTC. */
  readonly at: string;
  /** `build-bot for founder@example.com`. */
  readonly who: string;
  /** What happened, a clause whose subject is `who`. */
  readonly what: string;
  readonly outcome: StoryOutcome;
  readonly event: string;
  readonly amount?: string | undefined;
  readonly intent?: string | undefined;
}

/**
 * Clauses by event. `{it}` is the domain or service, or else the resource's name; a part in brackets is left out where a value in it is missing.
 */
const CLAUSES: Readonly<Record<EventName, readonly [StoryOutcome, string]>> = {
  "run-begun": ["noted", "began a run"],
  "state-opened": ["noted", "began to change what is deployed"],
  "state-sealed": ["noted", "left the state of what is deployed"],
  "account-requested": ["begun", "asks {via} for an account at {provider}"],
  "account-linked": ["done", "has an account at {provider}"],
  "account-relinked": ["done", "is connected to the account at {provider} again"],
  "account-link-requested": ["begun", "asks {via} to open the account that exists at {provider}"],
  "account-link-opened": ["done", "reaches the account at {provider} through {via}"],
  "account-moved": ["done", "reaches the account at {provider} through {via} from now on"],
  "claim-link-shown": ["noted", "showed a person the link that claims the account at {provider}"],
  "dashboard-link-shown": [
    "noted",
    "shows a person a link that signs in at the dashboard of the account at {provider}",
  ],
  "account-adopted": ["done", "goes on with the account at {provider}"],
  "account-updated": ["done", "changed what is noted about the account at {provider}"],
  "account-consent-required": ["waiting", "waits for a person's consent at {provider}"],
  "account-kept": ["done", "lets go of the account at {provider}, which stays open"],
  "account-unlinked": ["done", "is no longer connected to the account at {provider}"],
  "app-domain-requested": ["begun", "asks {provider} for an address for apps"],
  "app-domain-claimed": ["done", "has an address for apps at {provider}"],
  "credentials-rotating": [
    "begun",
    "asks {via} for a fresh credential of the account at {provider}",
  ],
  "credentials-rotated": ["done", "has a fresh credential of the account at {provider}"],
  "payment-token-requested": [
    "begun",
    "asks {via} for a payment token for {provider}[, capped at {amount}]",
  ],
  "payment-token-doubted": [
    "begun",
    "holds {amount} for a payment token for {provider} that may have been issued, and asks another payment partner",
  ],
  "payment-token-issued": ["done", "has a payment token for {provider}[, capped at {amount}]"],
  "payment-token-presenting": ["begun", "presents a payment token to {provider}"],
  "payment-token-presented": ["done", "has presented a payment token to {provider}"],
  "payment-token-adopted": ["done", "goes on with the payment token for {provider}"],
  "payment-token-updated": ["done", "changed the payment token for {provider}"],
  "payment-token-revoking": ["begun", "asks for the end of a payment token for {provider}"],
  "payment-token-revoked": ["done", "has revoked a payment token for {provider}"],
  "payment-token-ended": ["done", "notes that a payment token for {provider} has ended"],
  "access-token-requested": ["begun", "asks {provider} for an access token, {resource}"],
  "access-token-issued": ["done", "has the access token {resource} of {provider}"],
  "access-token-adopted": ["done", "goes on with the access token {resource} of {provider}"],
  "access-token-updated": ["done", "changed the access token {resource} of {provider}"],
  "access-token-renewing": ["begun", "asks {provider} to let the access token {resource} live on"],
  "access-token-renewed": ["done", "may use the access token {resource} of {provider} for longer"],
  "access-token-revoking": ["begun", "asks {provider} to revoke the access token {resource}"],
  "access-token-revoked": ["done", "has revoked the access token {resource} of {provider}"],
  "domain-requested": ["begun", "orders the domain {it} from {provider}[ for {amount}]"],
  "domain-registered": ["done", "has bought the domain {it} from {provider}[ for {amount}]"],
  "domain-adopted": ["done", "goes on with the domain {it} at {provider}"],
  "domain-updating": ["begun", "asks {provider} to change how the domain {it} renews"],
  "domain-updated": ["done", "has changed how the domain {it} renews"],
  "service-requested": ["begun", "orders {it} from {provider}[ for {amount}]"],
  "service-provisioned": ["done", "has {it} from {provider}[ for {amount}]"],
  "service-adopted": ["done", "goes on with {it} at {provider}"],
  "service-updated": ["done", "has changed {it} at {provider}"],
  "service-removing": ["begun", "asks {provider} to remove {it}"],
  "service-removed": ["done", "has removed {it} from {provider}"],
  "service-left": ["done", "leaves {it} at {provider}, for the session there works with it"],
  "secret-requested": ["begun", "wants a generated secret, {resource}"],
  "secret-created": ["done", "has the generated secret {resource}"],
  "secret-adopted": ["done", "goes on with the generated secret {resource}"],
  "secret-rotated": ["done", "has rotated the generated secret {resource}"],
  "secret-forgetting": ["begun", "wants the generated secret {resource} forgotten"],
  "secret-forgotten": ["done", "has no generated secret {resource} any more"],
  "act-denied": ["refused", "was denied {it}[ for {amount}][: {code}]"],
  "act-queued": ["waiting", "queued {it}, for {provider} cannot be reached; nothing was sent"],
  "act-resent": ["begun", "asks {provider} for {it} again, as the same act"],
  "act-waiting": ["waiting", "waits for {provider} about {it}[: {code}]"],
  "act-unknown": [
    "waiting",
    "does not know whether {provider} has acted on {it}; its money stays held",
  ],
  "act-refused": ["refused", "was refused {it} by {provider}[: {code}]"],
  "act-abandoned": ["refused", "gave {it} up before it was sent[: {code}]"],
  "settled-as-happened": [
    "done",
    "settled that {provider} has acted on {it}[, for {amount}][: {code}]",
  ],
  "settled-as-never-happened": ["refused", "settled that {provider} never acted on {it}[: {code}]"],
  "settled-as-ended": ["done", "settled that {it} is no more at {provider}[: {code}]"],
  "charged-above-hold": ["noted", "was charged {amount} for {it}, more than was held"],
  "revocation-ordered": ["begun", "takes {resource} back; it is handed out no more"],
  "revocation-unconfirmed": ["waiting", "does not know yet whether {resource} is dead[: {code}]"],
  "session-ended": ["done", "has forgotten the session with {provider}"],
  "session-kept": [
    "noted",
    "no longer ends the session that it left at {provider} through {via}: the account is back there",
  ],
  "session-left": [
    "noted",
    "left the session with {provider} through {via}, which can't be ended there",
  ],
  "session-revoking": ["begun", "asks for the end of the session that it left at {provider}"],
  "session-revoked": ["done", "has ended the session that it left at {provider}"],
  "service-credentials-rotating": ["begun", "asks {provider} for other credentials of {resource}"],
  "service-credentials-rotated": ["done", "has replaced the credentials of {resource}"],
  frozen: ["noted", "froze spending for {provider}[: {code}]"],
  unfrozen: ["noted", "ended the freeze for {provider}[: {code}]"],
};

/** Tells an entry. What stands in it is shown in visible ASCII only: the log may have been tampered with. */
export function tellEntry(entry: LogEntry): StoryLine {
  const { sequence, at, name, actor, amount, intent } = entry;
  const [outcome, clause] = Object.hasOwn(CLAUSES, name)
    ? CLAUSES[name]
    : (["noted", `noted ${name}`] as const);
  return {
    sequence,
    at: clean(at),
    who: tellActor(actor),
    what: clean(fill(clause, valuesOf(entry))),
    outcome,
    event: clean(name),
    amount,
    intent,
  };
}

function tellActor(actor: LogEntry["actor"] | undefined): string {
  const { run = "?", subject, agent, principal } = actor ?? {};
  if (run === "recovery") return "the broker, after a crash,";
  const isPerson = subject?.startsWith("human:") === true;
  const acting = isPerson ? subject.slice("human:".length) : (agent ?? subject);
  if (acting === undefined) return "somebody";
  return clean(principal === undefined || isPerson ? acting : `${acting} for ${principal}`);
}

function valuesOf(entry: LogEntry): Readonly<Record<string, string | undefined>> {
  const { object, resource, provider, via, amount, code } = entry;
  return {
    it: object ?? resource?.name ?? "it",
    resource: resource?.name ?? "?",
    provider: provider === "all" ? "everybody" : (provider ?? "the provider"),
    via: via ?? "the provider",
    amount,
    code: code?.replaceAll("_", " "),
  };
}

function fill(clause: string, values: Readonly<Record<string, string | undefined>>): string {
  const put = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "?");
  return put(
    clause.replace(/\[([^\]]*)\]/g, (_, part: string) => {
      const names = [...part.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      return names.every((name) => values[name] !== undefined) ? part : "";
    }),
  );
}

function clean(text: unknown): string {
  return toVisibleAscii(String(text));
}
