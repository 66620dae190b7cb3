import { createBackgroundWork } from "./background-work.ts";
import type { AppContext } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";
import { vercelToken } from "./vercel-token.ts";

/** What Vercel's launcher calls (Vercel docs, "Functions API reference", `fetch` web standard). */
export interface VercelFunction {
  /** `platform` offers `waitUntil` where the launcher has it. */
  fetch(request: Request, platform?: VercelPlatform): Promise<Response>;
}

export type VercelPlatform = Partial<Pick<AppContext, "waitUntil">>;

/** Answers one call by `run`, in its own context: one instance answers several at a time, none of which waits for the work of another. */
export function answerVercel(
  { headers }: Request,
  platform: VercelPlatform,
  run: (context: AppContext) => Promise<Response>,
): Promise<Response> {
  return vercelToken.run(headers.get("x-vercel-oidc-token"), async () => {
    const work = createBackgroundWork(reportFailure);
    const waitUntil: AppContext["waitUntil"] = (task) => {
      work.context.waitUntil(task);
      platform.waitUntil?.(work.settle());
    };
    const answer = await run({ ...work.context, waitUntil });
    // Where the platform promises nothing, it may stop the process as soon as it has an answer.
    if (platform.waitUntil === undefined) await work.settle();
    return answer;
  });
}
