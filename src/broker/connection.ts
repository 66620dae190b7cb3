import { createStripeIssuer } from "../adapters/issuers/stripe/client.ts";
import { createAppOrchestrator } from "../adapters/orchestrators/app/client.ts";
import { createCloudflareClient } from "../adapters/vendors/cloudflare/client.ts";
import type { Fetch } from "../util/fetch-json.ts";
import type { Clock } from "./clock.ts";
import type { BrokerAdapters, ProviderTerms } from "./context.ts";

/** How to reach everybody. Holds secrets: never log. The sandbox's `GET /sandbox/connection` has this shape. */
export interface BrokerConnection {
  /** By orchestrator id. */
  readonly orchestrators: Readonly<
    Record<string, { readonly account: string; readonly signingSecret: string }>
  >;
  /** By provider, lower case. */
  readonly providers: Readonly<
    Record<
      string,
      {
        /** Base URL of the provisioning endpoints. */
        readonly url: string;
        readonly sellerProfile: string;
        /** The free plan that a payment token is presented with, default that of {@link PRESENT_WITH}. */
        readonly presentWith?: string | undefined;
      }
    >
  >;
  readonly stripe?:
    | {
        /** Scheme, host and port; `/v1/...` hangs below. */
        readonly apiUrl: string;
        readonly secretKey: string;
        readonly apiVersion?: string | undefined;
        readonly paymentMethod: string;
      }
    | undefined;
  readonly cloudflare?: { readonly endpoint: string } | undefined;
}

/** Free plans of the catalogue that presenting a payment token needs, by provider. */
export const PRESENT_WITH: Readonly<Record<string, string>> = { cloudflare: "workers:free" };

/** Builds the adapters that a connection describes. */
export function openAdapters(
  connection: BrokerConnection,
  options: {
    readonly fetch: Fetch;
    readonly clock: Clock;
    /** Dates signatures, default `clock`. */
    readonly signingNow?: (() => number) | undefined;
  },
): BrokerAdapters {
  const { fetch, clock, signingNow } = options;
  const orchestrators = Object.fromEntries(
    Object.entries(connection.providers).map(([provider, { url }]) => [
      provider,
      Object.entries(connection.orchestrators).map(([orchestrator, { account, signingSecret }]) =>
        createAppOrchestrator(
          { orchestrator, orchestratorAccount: account, signingSecret, providerUrl: url },
          { fetch, now: () => clock.now(), signingNow },
        ),
      ),
    ]),
  );
  const { stripe, cloudflare } = connection;
  return {
    orchestrators,
    issuers:
      stripe === undefined
        ? []
        : [createStripeIssuer({ ...stripe, ...splitUrl(stripe.apiUrl) }, { fetch })],
    vendors:
      cloudflare === undefined ? {} : { cloudflare: createCloudflareClient(cloudflare, { fetch }) },
  };
}

/** What the broker knows of each provider of a connection. */
export function readTerms(connection: BrokerConnection): Readonly<Record<string, ProviderTerms>> {
  return Object.fromEntries(
    Object.entries(connection.providers).map(([provider, { sellerProfile, presentWith }]) => [
      provider,
      { payee: sellerProfile, presentWith: presentWith ?? PRESENT_WITH[provider] },
    ]),
  );
}

function splitUrl(text: string) {
  const { protocol, hostname, port } = new URL(text);
  const isPlain = protocol === "http:";
  return {
    host: hostname,
    port: port === "" ? (isPlain ? 80 : 443) : Number(port),
    protocol: isPlain ? ("http" as const) : ("https" as const),
  };
}
