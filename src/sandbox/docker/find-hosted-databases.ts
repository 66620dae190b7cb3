import type { SandboxContext } from "../context.ts";
import { resourceHost } from "../providers/resource-host.ts";
import { isLive, type ResourceRecord } from "../providers/resource-record.ts";

/** A database of a provider's, as its credentials lead to it. */
export interface HostedDatabase {
  readonly host: string;
  /** The whole address, `postgresql://...`. */
  readonly address: string;
}

const ADDRESS = /postgresql:\/\/\w+:\w+@([a-z0-9.-]+\.test):5432\/\w+\?sslmode=require/g;

/** The databases that a text leads to and that are still there, with the credentials that they have now; each once. */
export function findHostedDatabases(
  context: Pick<SandboxContext, "store" | "unseal">,
  text: string,
): readonly HostedDatabase[] {
  const found = new Map(
    [...text.matchAll(ADDRESS)].map(([address, host = ""]) => [host, { host, address }] as const),
  );
  if (found.size === 0) return [];
  const resources = context.store.collection<ResourceRecord>("resources").list().filter(isLive);
  return [...found.values()].filter(({ host, address }) => {
    const resource = resources.find(({ provider, id }) => resourceHost(provider, id) === host);
    const sealed = resource?.sealedAccess ?? undefined;
    if (sealed === undefined) return false;
    const access = JSON.parse(context.unseal(sealed)) as Readonly<Record<string, string>>;
    return access.connection_string === address;
  });
}
