import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import { readWebhookAddress } from "../../util/webhook-address.ts";
import { type Alert, printAlert } from "../alert.ts";
import { describeAlert } from "../describe-alert.ts";
import { type PostOptions, postMessage } from "./post-message.ts";
import { readSigningKey, signWebhook } from "./sign-webhook.ts";
import type { AlertSink, SinkAnswer } from "./sink.ts";

/** Where alerts are posted to. */
export interface WebhookSettings {
  /** See `readWebhookAddress`. */
  readonly url: string;
  /** `whsec_` and base64; undefined when its environment variable is not set. */
  readonly secret: string | undefined;
  /** An address on this machine is allowed, default false. */
  readonly allowLoopback?: boolean | undefined;
}

export interface WebhookSurroundings {
  readonly clock: { now(): number };
  /** For one attempt, milliseconds; default 10,000. */
  readonly timeout?: number | undefined;
  readonly lookup?: PostOptions["lookup"];
  readonly authority?: PostOptions["authority"];
}

/**
 * Posts each alert as JSON `{type, timestamp, data}`, signed as in Standard Webhooks; `webhook-id` is the alert's id, so receivers know a repeat.
 * Without a sound secret or address it sends nothing and refuses every alert.
 */
export function createWebhookSink(
  { url, secret, allowLoopback = false }: WebhookSettings,
  { clock, timeout = 10_000, lookup, authority }: WebhookSurroundings,
): AlertSink {
  const address = readWebhookAddress(url);
  const key = secret === undefined ? undefined : readSigningKey(secret);
  const refusal = findRefusal();
  return {
    // A path or query may hold a token.
    name: `webhook ${address?.url.host ?? "?"}`,
    counts: true,
    async deliver(alert) {
      if (refusal !== undefined || address === undefined || key === undefined)
        return refusal ?? { kind: "refused", code: "address_not_allowed" };
      const body = printBody(alert);
      const seconds = Math.floor(clock.now() / 1000);
      const signed = signWebhook(key, { id: alert.id, seconds, body });
      const headers = { "content-type": "application/json", "user-agent": "supercargo", ...signed };
      return postMessage(address, headers, body, { timeout, allowLoopback, lookup, authority });
    },
  };

  function findRefusal(): SinkAnswer | undefined {
    if (address === undefined || (address.isLoopback && !allowLoopback))
      return { kind: "refused", code: "address_not_allowed" };
    if (secret === undefined) return { kind: "refused", code: "secret_missing" };
    if (key === undefined) return { kind: "refused", code: "secret_malformed" };
    return undefined;
  }
}

function printBody(alert: Alert): string {
  const data = JSON.parse(printAlert(alert)) as { readonly [key: string]: Json };
  const { title, text } = describeAlert(alert);
  return canonicalJson({
    type: `alert.${alert.kind.replaceAll("-", "_")}`,
    timestamp: alert.at,
    data: { ...data, title, text },
  });
}
