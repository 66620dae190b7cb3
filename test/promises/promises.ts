/** One promise of the product: what is promised, and what keeps it. Numbers are for good. */
export interface Promised {
  readonly number: number;
  readonly promise: string;
  readonly mechanism: string;
}

/**
 * Every promise has at least one test whose title, or whose suite's, begins with `promise <number>:`; `promises.test.ts` demands it. The README's table
 * is printed from this list.
 */
export const PROMISES: readonly Promised[] = [
  {
    number: 1,
    promise: "No cap is ever exceeded",
    mechanism:
      "a hold on every cap that applies, or on none, in one append before anything is sent",
  },
  {
    number: 2,
    promise: "Survives the public crash exam",
    mechanism:
      "a durable ledger with one fenced writer; another currency than the cap's is denied; how far a ledger was seen is remembered outside of it",
  },
  {
    number: 3,
    promise: "One act, once, whatever dies",
    mechanism:
      "stored key, fingerprint and generation; doubts are settled by looking, not by sending again",
  },
  {
    number: 4,
    promise: "No orphan: what was bought is found again",
    mechanism: "intent journal, adoption by natural key",
  },
  {
    number: 5,
    promise: "Money is exact",
    mechanism:
      "whole minor units in BigInt, ISO 4217 exponents, amounts read from text; every transfer of the double entry adds up to zero",
  },
  {
    number: 6,
    promise: "Never more domains than allowed, whatever happens",
    mechanism:
      "counts are accounts of the same ledger, held and given back with the act; a domain also commits its renewal",
  },
  {
    number: 7,
    promise: "You hear before the money moves",
    mechanism:
      "alerts found in the reservation's own append; from 90 % on nothing is sent before a sink has accepted",
  },
  {
    number: 8,
    promise: "The kill switch is final",
    mechanism:
      "a freeze is read inside every hold and every dispatch; then payment tokens, access tokens, services and sessions die",
  },
  {
    number: 9,
    promise: "Agents cannot delete or transfer",
    mechanism:
      "forbids that no file can lift, a broker without those verbs, tokens as small as the provider allows",
  },
  {
    number: 10,
    promise: "The permission evaluator is right",
    mechanism: "own evaluator, Cedar and a brute-force specification agree",
  },
  {
    number: 11,
    promise: "Delegation only narrows",
    mechanism:
      "a sub-agent gets the intersection of its parent's rights with what it asks, for a shorter time",
  },
  {
    number: 12,
    promise: "Every credential dies",
    mechanism:
      "lease tree, revocations marked first and tried until confirmed; what can leave the broker lives 15 minutes at most, and is renewed instead of granted for long",
  },
  {
    number: 13,
    promise: "A stolen token is useless",
    mechanism:
      "a ticket is good once; each request is signed with the process's own key, for one run, stack and verb",
  },
  {
    number: 14,
    promise: "No secret is printed or stored in clear",
    mechanism: "sealed store, `Secret` type, closed list of errors",
  },
  {
    number: 16,
    promise: "State cannot be turned into code",
    mechanism:
      "the log notes the state's digest after each run; each `__provider` text is compared with the constant one",
  },
  {
    number: 18,
    promise: "The log cannot be rewritten unseen",
    mechanism:
      "tlog-tiles with signed checkpoints, a witness in another process with another key, a receipt for each purchase",
  },
  {
    number: 19,
    promise: "No side effect without its log entry",
    mechanism:
      "entry in the same append as the hold, file and cosigned checkpoint before dispatch; else nothing is sent",
  },
  {
    number: 20,
    promise: "No manifest can inject code",
    mechanism: "text stands in string literals alone, escaped in one place, ASCII only",
  },
  {
    number: 21,
    promise: "No manifest can crash or stall us",
    mechanism: "limits before parsing, own linear checks",
  },
  {
    number: 22,
    promise: "No look-alike domain is bought",
    mechanism:
      "IDNA without mapping, no mixed scripts, one label below a public suffix, and a person for all that is not ASCII",
  },
  {
    number: 24,
    promise: "Orchestrator down is not us down",
    mechanism:
      "reading, planning, revoking and freezing need no orchestrator; purchases queue unsent with their money held, and go out once while their quote is good",
  },
];
