import { fetchPatiently } from "./fetch-patiently.ts";
import { isDots } from "./is-dots.ts";
import type { TextVariables } from "./service-url.ts";
import { vercelToken } from "./vercel-token.ts";

/** A request of Vercel Queues' API (Vercel docs, "Queues API reference"). */
export interface VercelQueuesRequest {
  readonly method: "POST" | "PATCH" | "DELETE";
  /** Where the messages are kept: `iad1`. */
  readonly region: string;
  /** What stands behind `topic/`, part by part. */
  readonly path: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Statuses that are an answer, too. */
  readonly expected?: readonly number[];
}

const REGION = /^[a-z]{2,5}[0-9]{1,2}$/;

/**
 * Asks in the name of the project, by the token of the call under way, and of the deployment, whose messages are its own. The token goes to no other host. An answer with
 * 429 or 5xx makes it ask again: delivery is at least once as it is.
 * @throws Error for every other status, without a word of the answer, and where Vercel gave no token or no deployment's id.
 */
export async function askVercelQueues(
  { method, region, path, headers, body, expected = [] }: VercelQueuesRequest,
  { VERCEL_DEPLOYMENT_ID: deployment = "" }: TextVariables,
): Promise<Response> {
  const token = vercelToken.getStore() ?? "";
  if (token === "") throw new Error("Vercel gave the call no token of its project");
  if (deployment === "") throw new Error("Vercel told the app no id of its deployment");
  if (!REGION.test(region)) throw new Error("it is no region of Vercel's");
  if (path.some(isDots)) throw new Error("a part of the path would lead elsewhere");
  const place = ["topic", ...path].map(encodeURIComponent).join("/");
  const answer = await fetchPatiently(`https://${region}.vercel-queue.com/api/v3/${place}`, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}`, "vqs-deployment-id": deployment },
    ...(body !== undefined && { body }),
  });
  if (answer.ok || expected.includes(answer.status)) return answer;
  await answer.body?.cancel();
  throw new Error(`Vercel Queues answered ${method} with ${answer.status}`);
}
