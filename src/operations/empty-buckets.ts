import { type EmptyAnswer, emptyBucket } from "../adapters/vendors/cloudflare/empty-bucket.ts";
import type { StackResource } from "../deploy/engine-driver.ts";
import { Secret } from "../util/secret.ts";
import type { BrokerSession } from "./broker-session.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** The engines' types of a bucket. */
const BUCKETS: ReadonlySet<string> = new Set([
  "cloudflare:index/r2Bucket:R2Bucket",
  "cloudflare_r2_bucket",
]);

/**
 * Empties the buckets among the stack's resources before they are removed, because no provider removes a full one. It uses the stack's own token, which may do
 * no more than the stack's resources need. Undefined when they are empty.
 */
export async function emptyBuckets(
  session: BrokerSession,
  resources: readonly StackResource[],
  { project, stack }: { readonly project: string; readonly stack: string },
): Promise<Refusal | undefined> {
  const buckets = resources.filter(({ type }) => BUCKETS.has(type));
  if (buckets.length === 0) return undefined;
  const { leases } = await session.broker.summary();
  const token = leases.find(
    ({ kind, provider, identity }) =>
      kind === "access-token" &&
      provider === "cloudflare" &&
      identity.project === project &&
      identity.stack === stack,
  );
  if (token === undefined) return undefined;
  const { id, identity } = token;
  const answer = await session.broker.handle({ verb: "read", kind: "access-token", identity, id });
  // Without a token the engine's own failure tells more.
  if (!answer.ok || "gone" in answer || !("endpoint" in answer.outputs)) return undefined;
  const { endpoint, value } = answer.outputs;
  for (const { name, values } of buckets) {
    const emptied: EmptyAnswer = await emptyBucket({
      endpoint,
      credential: new Secret(value),
      accountId: String(values.accountId ?? values.account_id),
      bucket: String(values.name),
      fetch,
    });
    if (emptied.kind === "failed") return refuseFull(name, emptied.code);
  }
  return undefined;
}

function refuseFull(bucket: string, code: string): Refusal {
  return refuse({
    kind: "remote",
    code: "bucket-not-emptied",
    message: `the bucket \`${bucket}\` could not be emptied (${code}), so it cannot be removed`,
    remedy: "Run the command again, or empty it in the provider's dashboard.",
  });
}
