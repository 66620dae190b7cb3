import { join } from "node:path";
import type { Guardrails } from "../compiler/1-manifest/guardrails.ts";
import type { Cosign } from "../log/append/sealed-log.ts";
import type { SpawnedWitness } from "../log/witness/spawn-witness.ts";
import { machineState } from "./machine-state.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Where this machine's witness keeps its key and what it has seen, `${XDG_STATE_HOME:-~/.local/state}/supercargo/witness`: outside of every project, so that an older
 * copy of a project's folder does not bring an older memory with it.
 */
export function witnessFolder(workplace: Pick<Workplace, "env">): string {
  return join(machineState(workplace), "witness");
}

/** The witness of a session. */
export interface SessionWitness {
  /** For `BrokerOptions.witness`. */
  readonly witness: (logKey: string) => Cosign;
  /** Ends what was started. */
  close(): Promise<void>;
}

/** The witness that the guardrails name, or else this machine's own, which is started when the log's key is known. */
export async function openWitness(
  workplace: Pick<Workplace, "env">,
  { witness: outside }: Pick<Guardrails, "witness">,
): Promise<SessionWitness> {
  const [{ createCosigner }, { postCheckpoint }, { spawnWitness }] = await Promise.all([
    import("../log/witness/create-cosigner.ts"),
    import("../log/witness/ask-witness.ts"),
    import("../log/witness/spawn-witness.ts"),
  ]);
  if (outside !== undefined) {
    const { url, key } = outside;
    const link = {
      verifierKey: key,
      addCheckpoint: (body: string) => postCheckpoint({ url }, body),
    };
    return { witness: () => createCosigner(async () => link), close: async () => undefined };
  }
  let spawned: SpawnedWitness | undefined;
  return {
    witness(logKey) {
      const own = spawnWitness(witnessFolder(workplace), [logKey]);
      spawned = own;
      return createCosigner(() => own.connect());
    },
    close: async () => spawned?.close(),
  };
}
