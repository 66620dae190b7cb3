import fc from "fast-check";
import {
  type Delegation,
  decideDelegated,
  narrowTokenScopes,
} from "../../src/permissions/delegation.ts";
import { KINDS, randomPolicy, randomRequest, VERBS } from "./random-policies.ts";

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const RESOURCES = ["orders", "media", "shop"];
export const SCOPES = ["D1 Write", "DNS Write", "Queues Write"].flatMap((group) =>
  ["account", "zone"].map((scope) => ({ group, scope })),
);

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "D1 Write": ["orders", "shop"],
  "Queues Write": ["shop"],
};

const delegation: fc.Arbitrary<Delegation> = fc.record({
  id: fc.constantFrom("helper", "clerk"),
  verbs: maybe(fc.subarray(VERBS, { minLength: 8 })),
  kinds: maybe(fc.subarray(KINDS, { minLength: 5 })),
  resources: maybe(fc.subarray(RESOURCES)),
  tokenScopes: maybe(fc.subarray(SCOPES.map(({ group, scope }) => `${group}/${scope}`))),
});

export const chain = fc.array(delegation, { minLength: 1, maxLength: 7 });

export interface ChainReport {
  readonly chains: number;
  /** Requests that some child was permitted. */
  readonly permitted: number;
  readonly violations: readonly string[];
}

const CHAINS_PER_POLICY = 50;
const REQUESTS_PER_CHAIN = 4;

/** Looks for a child that may what its parent may not. */
export function searchWidening(chains: number, seed: number): ChainReport {
  const numRuns = Math.ceil(chains / CHAINS_PER_POLICY);
  const policies = fc.sample(randomPolicy, { numRuns, seed });
  const sampled = fc.sample(chain, { numRuns: numRuns * CHAINS_PER_POLICY, seed: seed + 1 });
  const asked = fc.sample(fc.tuple(randomRequest, maybe(fc.constantFrom(...RESOURCES))), {
    numRuns: 2000,
    seed: seed + 2,
  });
  let permitted = 0;
  const violations: string[] = [];
  for (const [i, links] of sampled.entries()) {
    const policy = policies[Math.floor(i / CHAINS_PER_POLICY)];
    if (policy === undefined) continue;
    for (let n = 0; n < REQUESTS_PER_CHAIN; n++) {
      const [request, resource] = asked[(i * REQUESTS_PER_CHAIN + n) % asked.length] ?? [];
      if (request === undefined) continue;
      const outcomes = links.map((_, depth) =>
        isPermitted(policy, links.slice(0, depth + 1), { ...request, resource }),
      );
      const line = [isPermitted(policy, [], { ...request, resource }), ...outcomes];
      if (line.some((may, depth) => depth > 0 && may && !line[depth - 1]))
        violations.push(`chain ${i}: ${request.verb} ${request.kind}`);
      if (line.some((may, depth) => depth > 5 && may)) violations.push(`chain ${i} is too deep`);
      if (outcomes[0] === true) permitted += 1;
    }
    const scopes = links.map((_, depth) =>
      narrowTokenScopes(links.slice(0, depth + 1), SCOPES, ({ group }) => NEEDED[group] ?? []),
    );
    if (scopes.some((own, d) => d > 0 && own.some((one) => !scopes[d - 1]?.includes(one))))
      violations.push(`chain ${i}: token scopes`);
  }
  return { chains: sampled.length, permitted, violations };
}

function isPermitted(...args: Parameters<typeof decideDelegated>): boolean {
  return decideDelegated(...args).outcome === "permitted";
}
