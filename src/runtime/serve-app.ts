import type { Server } from "node:http";
import { type FetchHandler, serveHttp } from "./serve-http.ts";

/** What an app's entry exports. */
export interface AppModule {
  readonly default?: unknown;
}

/**
 * Runs an app on Node: a module whose default export has a method `fetch` (web `Request` in, web `Response` out) is served on `PORT`, default 8080, and gets the process's
 * environment as its second argument. Any other module is a program of its own, which has begun by being loaded; for it nothing is done.
 */
export function serveApp(app: AppModule): Server | undefined {
  const handler = app.default;
  if (!isHandler(handler)) return undefined;
  return serveHttp((request) => handler.fetch(request, process.env, CONTEXT));
}

/** Work that goes on after the answer needs no leave here: the process lives on. A failure of it ends nothing. */
const CONTEXT = {
  waitUntil: (work: Promise<unknown>): void => void work.catch(() => undefined),
  passThroughOnException: (): void => undefined,
};

interface Handler {
  fetch(request: Request, env: unknown, context: unknown): ReturnType<FetchHandler>;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === "object" && value !== null && "fetch" in value;
}
