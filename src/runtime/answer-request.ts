import type { AppContext, Bindings, PortableApp } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";

/**
 * Answers a request by the app's `fetch`; one without has nothing to be found. What it throws is reported, and who asked is told of it with status 500 and none of
 * its words. Never rejects.
 */
export async function answerRequest(
  app: PortableApp,
  request: Request,
  { env, context }: { readonly env: Bindings; readonly context: AppContext },
): Promise<Response> {
  try {
    return (
      (await app.fetch?.(request, env, context)) ?? new Response("Not found\n", { status: 404 })
    );
  } catch (error) {
    reportFailure(error);
    return new Response("Internal server error\n", { status: 500 });
  }
}
