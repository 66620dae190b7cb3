import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { SandboxContext, Surface } from "../../context.ts";
import { listen } from "../../listen.ts";
import type { IdentityKeys } from "./identity-keys.ts";

const PREFIX = "/orchestrator/self/oidc";

/**
 * One's own OpenID Connect provider, `oidc-provider`, below `/orchestrator/self/oidc`. The library is large, so it is loaded and started with the first request. It
 * listens on a port of its own, behind the control server, so that faults and call counts apply to it as to every other surface.
 */
export function createIdentityProvider(
  context: Pick<SandboxContext, "store" | "controlUrl">,
  input: { readonly keys: IdentityKeys; readonly isAudience: (audience: string) => boolean },
): Surface {
  let started: Promise<{ readonly server: Server; readonly port: number }> | undefined;
  return {
    async handle(request, url) {
      if (url.pathname !== PREFIX && !url.pathname.startsWith(`${PREFIX}/`)) return undefined;
      started ??= start(context, input);
      const { port } = await started;
      const answer = await fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, {
        method: request.method,
        headers: request.headers,
        body: request.method === "GET" ? null : await request.arrayBuffer(),
        redirect: "manual",
      });
      return new Response(await answer.arrayBuffer(), answer);
    },
    async close() {
      const { server } = (await started) ?? {};
      server?.closeAllConnections();
      await new Promise<void>((resolve) =>
        server === undefined ? resolve() : server.close(() => resolve()),
      );
    },
  };
}

async function start(
  { store, controlUrl }: Pick<SandboxContext, "store" | "controlUrl">,
  {
    keys,
    isAudience,
  }: { readonly keys: IdentityKeys; readonly isAudience: (audience: string) => boolean },
): Promise<{ readonly server: Server; readonly port: number }> {
  const [{ Provider, errors }, { buildConfiguration }, { registerExchangeGrant }, { serveLogin }] =
    await Promise.all([
      import("oidc-provider"),
      import("./build-configuration.ts"),
      import("./exchange-grant.ts"),
      import("./serve-login.ts"),
    ]);
  const provider = new Provider(keys.issuer, buildConfiguration(store, keys));
  registerExchangeGrant(provider, errors, { keys, store, isAudience });
  const callback = provider.callback();
  const { host } = new URL(controlUrl);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const full = request.url ?? "/";
    request.headers.host = host;
    if (full.startsWith(`${PREFIX}/interaction/`)) return serveLogin(provider, request, response);
    // As a web framework does that mounts it below a path.
    Object.assign(request, { originalUrl: full, url: full.slice(PREFIX.length) || "/" });
    await callback(request, response);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  });
  return { server, port: await listen(server, 0) };
}
