import { setTimeout as sleep } from "node:timers/promises";
import type { Json } from "../../util/canonical-json.ts";
import { sha256 } from "../../util/sha256.ts";
import type { Faults } from "../faults.ts";
import type { IssuerContext } from "./payment-token.ts";
import { buildStripeError, type StripeAnswer } from "./stripe-answer.ts";

/** A key may be pruned, and is here, when it is so old (https://docs.stripe.com/api/idempotent_requests). */
export const KEY_LIFETIME_MS = 24 * 60 * 60 * 1000;
const KEY_LENGTH_MAX = 255;

interface StoredAnswer {
  /** Hash of method, path and parameters. */
  readonly fingerprint: string;
  readonly requestId: string;
  readonly status: number;
  /** Sealed JSON: an answer can hold a payment token. */
  readonly sealedBody: string;
  readonly at: number;
}

/** An answer, and the first request's id when it is a replay. */
export interface KeyedAnswer extends StripeAnswer {
  readonly replayOf?: string | undefined;
}

/** Runs work once per key. */
export interface IdempotencyLayer {
  run(input: {
    /** The account of the API key: keys of two accounts never meet. */
    readonly account: string;
    /** Undefined: no layer, the work just runs. */
    readonly key: string | undefined;
    readonly method: string;
    readonly path: string;
    readonly canonicalParams: string;
    readonly requestId: string;
    /** An answer is a validation failure. */
    readonly prepare: () => StripeAnswer | (() => StripeAnswer);
  }): Promise<KeyedAnswer>;
}

/**
 * Stripe's idempotency, API v1 (https://docs.stripe.com/api/idempotent_requests): once work has started, status and body of the first request are stored, 500s
 * included, and answered again for the same key; the same key with other parameters is an `idempotency_error`; nothing is stored when validation fails or while another
 * request with the key is under way; after 24 hours the key is forgotten, so that the same key makes a new request. Work and stored answer are one transaction.
 */
export function createIdempotencyLayer(context: IssuerContext, faults: Faults): IdempotencyLayer {
  const stored = context.store.collection<StoredAnswer>("stripe-idempotency");
  const underWay = new Set<string>();

  function recall(id: string): StoredAnswer | undefined {
    const answer = stored.get(id);
    if (answer === undefined || context.now() - answer.at < KEY_LIFETIME_MS) return answer;
    stored.delete(id);
    return undefined;
  }

  return {
    async run(input) {
      const { method, path, key } = input;
      const id = JSON.stringify([input.account, key]);
      const fingerprint = sha256(JSON.stringify([method, path, input.canonicalParams]));
      if (key !== undefined) {
        if (key.length > KEY_LENGTH_MAX || key.length === 0)
          return refuseKey(400, "idempotency_key_invalid");
        if (underWay.has(id)) return refuseKey(409, "idempotency_key_in_use");
        const known = recall(id);
        if (known !== undefined && known.fingerprint !== fingerprint) return refuseKey(400);
        if (known !== undefined) return replay(context, known);
      }
      const work = input.prepare();
      if (typeof work !== "function") return work;
      const fault = faults.take({ method, path, layer: "execution" });
      if (key !== undefined) underWay.add(id);
      try {
        if (fault?.kind === "slow") await sleep(fault.ms);
        return context.store.transaction(() => {
          const answer = fault?.kind === "status500" ? internalError() : work();
          const sent = fault?.kind === "status500-after" ? internalError() : answer;
          if (key !== undefined)
            stored.put(id, {
              fingerprint,
              requestId: input.requestId,
              status: sent.status,
              sealedBody: context.seal(JSON.stringify(sent.body)),
              at: context.now(),
            });
          return sent;
        });
      } finally {
        underWay.delete(id);
      }
    },
  };
}

function replay(context: IssuerContext, known: StoredAnswer): KeyedAnswer {
  const body = JSON.parse(context.unseal(known.sealedBody)) as Json;
  return { status: known.status, body, replayOf: known.requestId };
}

function refuseKey(status: 400 | 409, code?: string): StripeAnswer {
  return buildStripeError({
    status,
    type: "idempotency_error",
    code,
    message:
      status === 409
        ? "Another request with this idempotency key is under way."
        : "The idempotency key cannot be used for this request.",
  });
}

function internalError(): StripeAnswer {
  return buildStripeError({
    status: 500,
    type: "api_error",
    message: "An unknown error occurred.",
  });
}
