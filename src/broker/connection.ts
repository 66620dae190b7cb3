import { ISSUER_CLIENTS } from "../adapters/issuers/clients.ts";
import type { Issuer, IssuerServices } from "../adapters/issuers/contract.ts";
import { createAppOrchestrator } from "../adapters/orchestrators/app/client.ts";
import {
  createTemporaryAccounts,
  type TemporaryOptions,
} from "../adapters/orchestrators/cloudflare/temporary.ts";
import { createSelfOrchestrator } from "../adapters/orchestrators/self/client.ts";
import type { SelfConnection } from "../adapters/orchestrators/self/connection.ts";
import type { AdapterVault } from "../adapters/orchestrators/vault.ts";
import { createCloudflareClient } from "../adapters/vendors/cloudflare/client.ts";
import type { Fetch } from "../util/fetch-json.ts";
import type { Clock } from "./clock.ts";
import type { BrokerAdapters, ProviderTerms } from "./context.ts";

/** How to reach everybody. Holds secrets: never log. The sandbox's `GET /sandbox/connection` has this shape. */
export interface BrokerConnection {
  /** By orchestrator id. */
  readonly orchestrators: Readonly<
    Record<
      string,
      {
        readonly account: string;
        readonly signingSecret: string;
        /** It vouches through its own identity provider instead of signatures. */
        readonly oidc?: Omit<SelfConnection, "orchestrator" | "providerUrl"> | undefined;
      }
    >
  >;
  /** By provider, lower case. */
  readonly providers: Readonly<
    Record<
      string,
      {
        /** Base URL of the provisioning endpoints. */
        readonly url: string;
        readonly sellerProfile: string;
        /** What payment partners call it that have another name for it than `sellerProfile`, by partner. */
        readonly payees?: Readonly<Record<string, string>> | undefined;
        /** The free plan that a payment token is presented with, default that of {@link PRESENT_WITH}. */
        readonly presentWith?: string | undefined;
      }
    >
  >;
  /** By payment partner: what its adapter needs to reach it (the README.md of `src/adapters/issuers/<id>`). */
  readonly issuers?: object | undefined;
  readonly cloudflare?:
    | {
        readonly endpoint: string;
        /** Terms that a person has accepted for temporary accounts; absent: there are none to be had. */
        readonly temporary?: TemporaryOptions["accepted"];
      }
    | undefined;
}

/** Free plans of the catalogue that presenting a payment token needs, by provider. */
export const PRESENT_WITH: Readonly<Record<string, string>> = { cloudflare: "workers:free" };

/** Builds the adapters that a connection describes. */
export async function openAdapters(
  connection: BrokerConnection,
  options: {
    readonly fetch: Fetch;
    readonly clock: Clock;
    readonly vault: AdapterVault;
    /** Dates signatures, default `clock`. */
    readonly signingNow?: (() => number) | undefined;
  },
): Promise<BrokerAdapters> {
  const { fetch, clock, vault, signingNow } = options;
  const orchestrators = Object.fromEntries(
    Object.entries(connection.providers).map(([provider, { url }]) => [
      provider,
      Object.entries(connection.orchestrators).map(
        ([orchestrator, { account, signingSecret, oidc }]) => {
          const dated = { fetch, now: () => clock.now(), signingNow };
          if (oidc !== undefined)
            return createSelfOrchestrator(
              { ...oidc, orchestrator, providerUrl: url },
              { ...dated, vault },
            );
          const place = { orchestratorAccount: account, signingSecret, providerUrl: url };
          return createAppOrchestrator({ orchestrator, ...place }, dated);
        },
      ),
    ]),
  );
  const { cloudflare } = connection;
  const direct =
    cloudflare?.temporary === undefined
      ? []
      : [
          createTemporaryAccounts({
            ...{ endpoint: cloudflare.endpoint, accepted: cloudflare.temporary },
            ...{ fetch, vault, now: () => clock.now() },
          }),
        ];
  return {
    orchestrators: {
      ...orchestrators,
      cloudflare: [...(orchestrators.cloudflare ?? []), ...direct],
    },
    issuers: await openIssuers(connection, { fetch, now: () => clock.now() }),
    vendors:
      cloudflare === undefined ? {} : { cloudflare: createCloudflareClient(cloudflare, { fetch }) },
  };
}

/** The partners of a connection that we have an adapter for; one whose part of the connection cannot be read is left out, so that it is not chosen. */
async function openIssuers(
  { issuers = {} }: BrokerConnection,
  services: IssuerServices,
): Promise<readonly Issuer[]> {
  const opened = await Promise.all(
    Object.entries(issuers).map(async ([id, part]) => {
      const load = Object.hasOwn(ISSUER_CLIENTS, id) ? ISSUER_CLIENTS[id] : undefined;
      return (await load?.())?.openIssuer(part, services);
    }),
  );
  return opened.filter((issuer) => issuer !== undefined);
}

/** What the broker knows of each provider of a connection. */
export function readTerms(connection: BrokerConnection): Readonly<Record<string, ProviderTerms>> {
  return Object.fromEntries(
    Object.entries(connection.providers).map(
      ([provider, { sellerProfile, payees, presentWith }]) => [
        provider,
        { payee: sellerProfile, payees, presentWith: presentWith ?? PRESENT_WITH[provider] },
      ],
    ),
  );
}
