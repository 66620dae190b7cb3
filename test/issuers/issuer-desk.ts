import type { Issuer, TokenOrder, WebhookMessage } from "../../src/adapters/issuers/contract.ts";
import type { Secret } from "../../src/util/secret.ts";
import type { ChargeHow, IssuerSubject } from "./issuer-subject.ts";

/** What the cases do with a subject. Throws where the subject lacks a hand. */
export interface IssuerDesk {
  readonly issuer: Issuer;
  readonly stranger: Issuer;
  readonly payee: string;
  readonly otherPayee: string;
  readonly currency: string;
  /** What is read of a token that was revoked. */
  readonly gone: "deactivated" | "absent";
  /** Never the same twice; ends in an hour. */
  order(minor?: bigint): TokenOrder;
  /** A new token; throws when it is not issued. */
  issue(minor?: bigint, change?: Partial<TokenOrder>): Promise<Secret>;
  /** What a payee, by default the subject's, is given for a token. */
  hand(token: Secret, to?: string): Promise<Secret>;
  /** Gives it to the payee, who charges it. */
  charge(token: Secret, minor: bigint): Promise<boolean>;
  chargeWith(credential: Secret, minor: bigint, how?: ChargeHow): Promise<boolean>;
  lose(how: "answer" | "request"): Promise<void>;
  signWebhook(token: Secret): Promise<WebhookMessage>;
  count(): Promise<number>;
  advance(milliseconds: number): Promise<void>;
}

const HOUR = 3_600_000;

export function createDesk(subject: IssuerSubject): IssuerDesk {
  let serial = 0;
  let ahead = 0;
  const need = <K extends "stranger" | "lose" | "charge" | "signWebhook">(
    hand: K,
  ): NonNullable<IssuerSubject[K]> => {
    const has = subject[hand];
    if (has === undefined) throw new Error(`the subject has no ${hand}`);
    return has;
  };
  const { issuer, payee, otherPayee, currency, gone = "deactivated" } = subject;
  const desk: IssuerDesk = {
    ...{ issuer, payee, otherPayee, currency, gone },
    get stranger() {
      return need("stranger");
    },
    order(minor = 6000n) {
      serial += 1;
      const expiresAt = new Date(Date.now() + ahead + HOUR).toISOString();
      return { key: `key-${serial}`, payee, cap: { currency, minor }, expiresAt };
    },
    async issue(minor, change) {
      const answer = await issuer.issue({ ...desk.order(minor), ...change });
      if (answer.kind !== "issued") throw new Error(`${answer.kind}: ${answer.code}`);
      return answer.token;
    },
    async hand(token, to = payee) {
      if (issuer.reveal === undefined) return token;
      const answer = await issuer.reveal(token, { payee: to, expiresAt: desk.order().expiresAt });
      if (answer.kind !== "revealed") throw new Error(`${answer.kind}: ${answer.code}`);
      return answer.credential;
    },
    charge: async (token, minor) => desk.chargeWith(await desk.hand(token), minor),
    chargeWith: async (credential, minor, how) => need("charge")(credential, minor, how),
    lose: async (how) => need("lose")(how),
    signWebhook: async (token) => need("signWebhook")(token),
    count: () => subject.count(),
    async advance(milliseconds) {
      ahead += milliseconds;
      await subject.advance(milliseconds);
    },
  };
  return desk;
}
