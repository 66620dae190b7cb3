import type { Secret } from "../util/secret.ts";
import { systemClock } from "./clock.ts";
import { type BrokerConnection, openAdapters } from "./connection.ts";

/** Whether one orchestrator could vouch to one provider now. */
export interface OrchestratorHealth {
  readonly orchestrator: string;
  readonly provider: string;
  readonly healthy: boolean;
}

/** How long one is waited for, milliseconds: a look, not an act. */
const PATIENCE_MS = 3_000;

/** Asks the orchestrators in their order, all at the same time; changes nothing, and knows no credential of an account. */
export async function checkHealth(
  connection: BrokerConnection,
  ids: readonly string[],
  providers: readonly string[],
): Promise<readonly OrchestratorHealth[]> {
  const kept = new Map<string, Secret>();
  const { orchestrators } = await openAdapters(connection, {
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        signal: AbortSignal.any([
          AbortSignal.timeout(PATIENCE_MS),
          ...(init.signal ? [init.signal] : []),
        ]),
      }),
    clock: systemClock,
    vault: {
      read: async (name) => kept.get(name),
      write: async (name, value) =>
        void (value === undefined ? kept.delete(name) : kept.set(name, value)),
    },
  });
  return Promise.all(
    providers.flatMap((provider) =>
      ids.map(async (id) => {
        const adapter = orchestrators[provider]?.find((one) => one.id === id);
        const healthy = (await adapter?.isHealthy()) ?? false;
        return { orchestrator: id, provider, healthy };
      }),
    ),
  );
}
