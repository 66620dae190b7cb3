import { parseJson } from "../../../util/parse-json.ts";
import type { SandboxContext, Surface } from "../../context.ts";
import { buildHtmlPage } from "../../html-page.ts";
import { receiveCallback, tellCallback } from "./callbacks.ts";
import { decide, exchange, revoke } from "./oauth-server.ts";
import { handToken, signUp } from "./people.ts";
import { claimTemporary, giveChallenge, makeTemporary } from "./temporary-accounts.ts";

const FORM = `<form method="post"><input name="email" type="email"> <button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form><p>No account yet? <a href="/cloudflare/sign-up">Sign up</a> first.</p>`;
const WHO = `<form method="post"><input name="email" type="email"> <button>Go on</button></form>`;

/** The ways to a Cloudflare account without any orchestrator: `/client/v4/provisioning/previews`, `/cloudflare/oauth2/*`, what serves the redirect address, and the pages that a person sees. */
export function createCloudflareAccess(context: SandboxContext): Surface {
  return {
    async handle(request, url) {
      const route = `${request.method} ${url.pathname}`;
      switch (route) {
        case "GET /cloudflare/oauth2/auth":
        case "GET /cloudflare/claim-preview":
          return buildHtmlPage("Cloudflare", FORM);
        case "GET /cloudflare/sign-up":
          return buildHtmlPage("Sign up", WHO);
        case "GET /cloudflare/api-tokens":
          return buildHtmlPage("Hand a token over", WHO);
      }
      const answer = ROUTES[route];
      if (answer === undefined) return undefined;
      const body = await request.text();
      return context.store.transaction(() => answer(context, url, body));
    },
    close: async () => {},
  };
}

const ROUTES: Readonly<
  Record<string, (context: SandboxContext, url: URL, body: string) => Response>
> = {
  "POST /client/v4/provisioning/previews/challenge": (context) => giveChallenge(context),
  "POST /client/v4/provisioning/previews": (context, _, body) =>
    makeTemporary(context, parseJson(body)),
  "POST /cloudflare/claim-preview": claimTemporary,
  "POST /cloudflare/sign-up": (context, _, body) => signUp(context, body),
  "POST /cloudflare/api-tokens": (context, _, body) => handToken(context, body),
  "GET /cloudflare/oauth-callback": (context, url) => receiveCallback(context, url),
  "POST /cloudflare/oauth-answers": (context, _, body) => tellCallback(context, body),
  "POST /cloudflare/oauth2/auth": decide,
  "POST /cloudflare/oauth2/token": (context, _, body) => exchange(context, body),
  "POST /cloudflare/oauth2/revoke": (context, _, body) => revoke(context, body),
};
