import { memberAt, textAt } from "../../../util/json-access.ts";
import { parseJson } from "../../../util/parse-json.ts";
import type { WebhookAnswer, WebhookMessage } from "../contract.ts";
import { nameToken } from "../name-token.ts";
import { unwrapDefault } from "../unwrap-default.ts";
import type { AdyenConnection } from "./call-adyen.ts";
import adyen from "./index.ts";

/** 32 bytes in base64 and nothing after them, which a lenient decoder would leave out. */
const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Reads a balance platform webhook, signed by HMAC-SHA256 over its body in the header `hmacsignature`
 * (https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures). The signature holds no time: a repeated webhook is believed again.
 */
export async function readAdyenWebhook(
  { hmacKey }: Pick<AdyenConnection, "hmacKey">,
  { body, headers }: WebhookMessage,
): Promise<WebhookAnswer> {
  const { default: validator } = await import("@adyen/api-library/lib/src/utils/hmacValidator.js");
  const signature = headers.hmacsignature ?? "";
  if (
    hmacKey === undefined ||
    !SIGNATURE.test(signature) ||
    !new (unwrapDefault<typeof validator.default>(validator))().validateHMACSignature(
      hmacKey,
      signature,
      body,
    )
  )
    return { kind: "refused", code: "signature" };
  const event = parseJson(body);
  const type = textAt(event, ["type"]);
  if (type === undefined) return { kind: "refused", code: "malformed" };
  const data = memberAt(event, "data");
  const id =
    textAt(data, ["paymentInstrument", "id"], /^PI/) ??
    textAt(data, ["paymentInstrumentId"], /^PI/);
  const isClosed = memberAt(data, "paymentInstrument", "status") === "closed";
  const isUse =
    type.startsWith("balancePlatform.transfer.") || type.startsWith("balancePlatform.transaction.");
  return {
    kind: "event",
    about: isClosed ? "ended" : isUse ? "used" : "other",
    reference: id && nameToken(adyen.id, id),
  };
}
