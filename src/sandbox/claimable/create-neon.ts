import { parseJson } from "../../util/parse-json.ts";
import type { SandboxContext, Surface } from "../context.ts";
import { buildHtmlPage } from "../html-page.ts";
import { exchangeAssertion, registerAgent, revokeNeonToken } from "./neon-identity.ts";
import { claimProject, serveProject } from "./neon-project.ts";
import { neonRegistrations, readNeonState } from "./neon-records.ts";

/** Where Claimable Neon answers: its `/v1` is taken by others here. */
export const NEON_PREFIX = "/claimable/neon";

const FORM = `<form method="post"><input name="email" type="email"> <button>Claim</button></form>`;

/** Claimable Neon: databases of nobody for 72 hours, and the page where a person claims one. */
export function createNeon(context: SandboxContext): Surface {
  return {
    async handle(request, url) {
      if (!url.pathname.startsWith(`${NEON_PREFIX}/`)) return undefined;
      const route = `${request.method} ${url.pathname.slice(NEON_PREFIX.length)}`;
      const body = await request.text();
      const bearer = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      return context.store.transaction(() => {
        switch (route) {
          case "GET /.well-known/oauth-protected-resource":
            return Response.json({ resource: `${context.controlUrl}${NEON_PREFIX}/` });
          case "POST /v1/agent/identity":
            return registerAgent(context, parseJson(body));
          case "POST /v1/oauth2/token":
            return exchangeAssertion(context, body);
          case "POST /v1/oauth2/revoke":
            return revokeNeonToken(context, body);
          case "GET /claim":
            return buildHtmlPage("Neon", FORM);
          case "POST /claim":
            return claimProject(context, url, body);
          default:
            return serveProject(context, route, bearer);
        }
      });
    },
    books() {
      const all = neonRegistrations(context.store).list();
      const now = context.now();
      return {
        accessTokens: all.map((one) => ({
          ...{ provider: "neon", accountId: one.project, tokenId: one.id },
          kind: "bearer",
          status: one.isRevoked ? "revoked" : one.expiresAt <= now ? "expired" : "active",
          expiresAt: new Date(one.expiresAt).toISOString(),
          valueHash: one.assertionHash,
          permissions: [],
        })),
        inventory: all.map((one) => ({
          ...{ provider: "neon", accountId: one.project, kind: "project", id: one.project },
          ...{ status: readNeonState(one, now), isPulled: one.isPulled },
          expiresAt: new Date(one.expiresAt).toISOString(),
        })),
      };
    },
    close: async () => {},
  };
}
