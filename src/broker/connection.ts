import { join } from "node:path";
import { ISSUER_CLIENTS } from "../adapters/issuers/clients.ts";
import type { Issuer, IssuerServices } from "../adapters/issuers/contract.ts";
import { ORCHESTRATOR_CLIENTS } from "../adapters/orchestrators/clients.ts";
import type { Orchestrator, OrchestratorServices } from "../adapters/orchestrators/contract.ts";
import { ORCHESTRATORS } from "../adapters/orchestrators/registry.ts";
import type { AdapterVault } from "../adapters/orchestrators/vault.ts";
import { createCloudflareClient } from "../adapters/vendors/cloudflare/client.ts";
import type { Fetch } from "../util/fetch-json.ts";
import type { Clock } from "./clock.ts";
import type { BrokerAdapters, ProviderTerms } from "./context.ts";

/** How to reach everybody. Holds secrets: never log. The sandbox's `GET /sandbox/connection` has this shape. */
export interface BrokerConnection {
  /** By the manifest's word for an orchestrator: what its adapter needs to reach it (`open-orchestrator.ts` of `src/adapters/orchestrators/<id>`). */
  readonly orchestrators: Readonly<Record<string, object>>;
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
  /** The vendor's own API. */
  readonly cloudflare?: { readonly endpoint: string } | undefined;
}

/** Free plans of the catalogue that presenting a payment token needs, by provider. */
export const PRESENT_WITH: Readonly<Record<string, string>> = { cloudflare: "workers:free" };

/** What adapters work with besides the connection. */
export interface AdapterServices {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly vault: AdapterVault;
  /** Dates signatures, default `clock`. */
  readonly signingNow?: (() => number) | undefined;
  /** Below it each orchestrator has a folder of its own at each provider. Absent where nothing is asked for but health. */
  readonly folder?: string | undefined;
}

/** Builds the adapters that a connection describes. */
export async function openAdapters(
  connection: BrokerConnection,
  services: AdapterServices,
): Promise<BrokerAdapters> {
  const { fetch, clock } = services;
  const { cloudflare } = connection;
  return {
    orchestrators: await openOrchestrators(connection, services),
    issuers: await openIssuers(connection, { fetch, now: () => clock.now() }),
    vendors:
      cloudflare === undefined ? {} : { cloudflare: createCloudflareClient(cloudflare, { fetch }) },
  };
}

/** Who vouches to each provider; one whose part of the connection cannot be read is left out, so that it is not chosen. */
async function openOrchestrators(
  { orchestrators, providers }: BrokerConnection,
  { fetch, clock, vault, signingNow, folder }: AdapterServices,
): Promise<BrokerAdapters["orchestrators"]> {
  const loaded = await Promise.all(
    Object.entries(orchestrators).map(async ([name, part]) => {
      const profile = ORCHESTRATORS.find(({ names }) => names.includes(name));
      return { name, part, client: await ORCHESTRATOR_CLIENTS[profile?.id ?? ""]?.() };
    }),
  );
  const openAt = (provider: string, providerUrl: string): readonly Orchestrator[] =>
    loaded.flatMap(({ name, part, client }) => {
      const services: OrchestratorServices = {
        ...{ fetch, vault, signingNow, now: () => clock.now() },
        sleep: (milliseconds) => clock.sleep(milliseconds),
        folder: folder && join(folder, name, provider),
      };
      return client?.openOrchestrator(part, { id: name, provider, providerUrl }, services) ?? [];
    });
  return Object.fromEntries(
    Object.entries(providers).map(([provider, { url }]) => [provider, openAt(provider, url)]),
  );
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
