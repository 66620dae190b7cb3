import { type EmptyAnswer, emptyBucket } from "../adapters/vendors/cloudflare/empty-bucket.ts";
import type { StackResource } from "../deploy/engine-driver.ts";
import type { BrokerSession } from "./broker-session.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { readStackToken } from "./read-stack-token.ts";

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
  const token = await readStackToken(session, "cloudflare", { project, stack });
  // Without a token the engine's own failure tells more.
  if (token === undefined || "ok" in token) return undefined;
  for (const { name, values } of buckets) {
    const emptied: EmptyAnswer = await emptyBucket({
      ...token,
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
