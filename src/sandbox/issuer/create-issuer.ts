import type { Surface } from "../context.ts";
import type { Faults } from "../faults.ts";
import { showActionPage } from "./action-page.ts";
import { readFormParams } from "./form-params.ts";
import { createIdempotencyLayer, type KeyedAnswer } from "./idempotency.ts";
import { createTokenOperations } from "./issued-tokens.ts";
import { createCardOperations } from "./issuing-cards.ts";
import type { Caller, Operation } from "./operation.ts";
import { createPaymentIntentOperations } from "./payment-intents.ts";
import type { IssuerContext } from "./payment-token.ts";
import { buildStripeError, type StripeAnswer } from "./stripe-answer.ts";

/** The first version with shared payment tokens (https://docs.stripe.com/changelog/dahlia/2026-04-22/shared-payment-issued-token). */
const PREVIEW_SINCE = "2026-04-22.preview";

/**
 * The payment issuer: `/v1/*` as Stripe's API, and the page where a card holder confirms, `/issuer/actions/<token>`.
 *
 * `findCaller` tells whose secret key it is. `faults` strikes inside the idempotency layer too.
 */
export function createIssuer(
  context: IssuerContext,
  input: {
    readonly findCaller: (key: string) => Caller | undefined;
    readonly faults: Faults;
    /** Of Stripe Issuing. */
    readonly cardholder: string;
  },
): Surface {
  const operations = [
    ...createTokenOperations(context),
    ...createPaymentIntentOperations(context),
    ...createCardOperations(context, input.cardholder),
  ];
  const layer = createIdempotencyLayer(context, input.faults);

  async function answer(request: Request, url: URL, requestId: string): Promise<KeyedAnswer> {
    const key = readApiKey(request.headers.get("authorization"));
    const caller = key === undefined ? undefined : input.findCaller(key);
    if (caller === undefined) return refuse(401, "Invalid API key.");
    const found = findOperation(operations, request.method, url.pathname);
    if (found === undefined) return refuse(404, "Unrecognized request URL.");
    const version = request.headers.get("stripe-version") ?? "";
    const isPreviewVersion = version.endsWith(".preview") && version >= PREVIEW_SINCE;
    const { operation, id } = found;
    if (operation.isPreview && !isPreviewVersion)
      return refuse(400, "This endpoint needs a preview version in Stripe-Version.");
    const isPost = operation.method === "POST";
    const params = readFormParams(isPost ? await request.text() : "");
    return layer.run({
      account: caller.account,
      key: isPost ? (request.headers.get("idempotency-key") ?? undefined) : undefined,
      method: request.method,
      path: url.pathname,
      canonicalParams: params.canonical,
      requestId,
      prepare: () => operation.prepare({ params, id, caller, isPreviewVersion, url }),
    });
  }

  return {
    async handle(request, url) {
      if (url.pathname.startsWith("/issuer/actions/")) return showActionPage(context, request, url);
      if (!url.pathname.startsWith("/v1/")) return undefined;
      const requestId = `req_${context.random(8)}`;
      const { status, body, replayOf } = await answer(request, url, requestId);
      const headers = new Headers({ "request-id": requestId });
      for (const name of ["stripe-version", "idempotency-key"]) {
        const value = request.headers.get(name);
        if (value !== null) headers.set(name, value);
      }
      if (replayOf !== undefined) {
        headers.set("idempotent-replayed", "true");
        headers.set("original-request", replayOf);
      }
      return Response.json(body, { status, headers });
    },
    close: async () => {},
  };
}

function refuse(status: number, message: string): StripeAnswer {
  return buildStripeError({ status, type: "invalid_request_error", message });
}

/** The secret key of `Bearer <key>`, or the user name of Basic authentication. */
function readApiKey(header: string | null): string | undefined {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+)$/.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  return Buffer.from(value, "base64").toString("utf8").split(":")[0];
}

function findOperation(
  operations: readonly Operation[],
  method: string,
  path: string,
): { readonly operation: Operation; readonly id: string } | undefined {
  for (const operation of operations) {
    if (operation.method !== method) continue;
    const pattern = new RegExp(`^${operation.path.replace(":id", "(\\w+)")}$`);
    const match = pattern.exec(path);
    if (match !== null) return { operation, id: match[1] ?? "" };
  }
  return undefined;
}
