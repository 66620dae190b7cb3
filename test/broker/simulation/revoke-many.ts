import { rmSync } from "node:fs";
import {
  createBenchAt,
  grant,
  identity,
  LIMITS,
  makeHome,
  requests,
  setUp,
} from "../fakes/bench.ts";
import { createDraws } from "./draws.ts";

/** What a revocation of everything came to, with a provider that fails now and then. */
export interface RevokeManyReport {
  readonly tokens: number;
  /** Resources on the list of what could not be revoked, and those whose token is really alive outside; sorted. */
  readonly listed: readonly string[];
  readonly alive: readonly string[];
  /** Resources told as revoked. */
  readonly revoked: number;
  readonly milliseconds: number;
  /** Left after runs in which the provider answers again. */
  readonly leftInTheEnd: number;
  readonly withoutExpiry: number;
}

/** Hands out access tokens, takes all back while a share of the calls fails, then lets later runs finish. */
export async function revokeMany(
  seed: number,
  tokens: number,
  failure: number,
): Promise<RevokeManyReport> {
  const home = makeHome();
  try {
    const draws = createDraws(seed);
    const { open, world } = createBenchAt(home);
    const counts = { ...LIMITS.counts, tokens: tokens + 10 };
    const broker = await open({ limits: { ...LIMITS, counts } });
    const { account } = await setUp(broker);
    const resourceOf = new Map<string, string>();
    for (let index = 0; index < tokens; index++) {
      const resource = `token-${index}`;
      const request = { ...requests.access(account), identity: identity(resource) };
      await grant(broker, request);
      resourceOf.set(world.accessTokens.at(-1)?.id ?? "", resource);
    }
    const withoutExpiry = world.accessTokens.filter(({ expiresAt }) =>
      Number.isNaN(Date.parse(expiresAt)),
    ).length;
    const fate = () => (draws.chance(failure) ? "dropped" : undefined);
    world.fates.set("revokeToken", Array.from({ length: tokens * 3 }, fate));
    const start = performance.now();
    const report = await broker.revoke("shop");
    const milliseconds = performance.now() - start;
    if ("ok" in report) throw new Error(report.code);
    const alive = world.accessTokens
      .filter(({ gone }) => !gone)
      .map(({ id }) => resourceOf.get(id) ?? id);
    const isToken = ({ kind }: { readonly kind: string }): boolean => kind === "access-token";
    const listed = report.unconfirmed.map(({ node }) => node).filter(isToken);
    world.fates.clear();
    await broker.beginRun("run-2");
    await broker.beginRun("run-3");
    const left = (await broker.leases()).filter(({ state }) => state === "revoking");
    return {
      ...{ tokens, milliseconds, withoutExpiry },
      listed: listed.map(({ identity: { resource } }) => resource).toSorted(),
      alive: alive.toSorted(),
      revoked: report.revoked.filter(isToken).length,
      leftInTheEnd: left.length + world.accessTokens.filter(({ gone }) => !gone).length,
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
