import { parseJson } from "../../util/parse-json.ts";
import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext, Surface } from "../context.ts";
import { answerAlias } from "./answer-alias.ts";
import { answerSubscription } from "./answer-subscription.ts";
import { azureTokens } from "./azure-records.ts";
import type { AzureTenant } from "./derive-tenant.ts";
import { listSubscriptions } from "./list-subscriptions.ts";
import { refuseAzure } from "./refuse-azure.ts";

/** Where Azure Resource Manager answers here. */
const MANAGEMENT = "/azure/management";
const SCOPE = "https://management.azure.com/.default";
const SECONDS = 3_599;
const ALIAS = /^\/providers\/Microsoft\.Subscription\/aliases\/([\w-]{1,63})$/;
const SUBSCRIPTION = /^\/subscriptions\/([0-9a-f-]{36})$/;

/** Azure, as far as subscriptions are made there, and tokens of one application. */
export function createAzure(context: SandboxContext, tenant: AzureTenant): Surface {
  const { store, controlUrl } = context;
  const manage = (method: string, url: URL, body: unknown): Response => {
    const path = url.pathname.slice(MANAGEMENT.length);
    const version = url.searchParams.get("api-version");
    const [, alias] = ALIAS.exec(path) ?? [];
    if (alias !== undefined && version === "2021-10-01")
      return answerAlias(context, tenant, { method, alias, body });
    if (version !== "2022-12-01") return refuseAzure(400, "InvalidApiVersionParameter");
    const [, id] = SUBSCRIPTION.exec(path) ?? [];
    if (method === "GET" && id !== undefined) return answerSubscription(context, id);
    if (method === "GET" && path === "/subscriptions")
      return listSubscriptions(context, { url, managementUrl: `${controlUrl}${MANAGEMENT}` });
    return refuseAzure(404, "NotFound");
  };
  return {
    async handle(request, url) {
      const text = url.pathname.startsWith("/azure/") ? await request.text() : undefined;
      if (text === undefined) return undefined;
      if (url.pathname === `/azure/login/${tenant.tenantId}/oauth2/v2.0/token`)
        return answerToken(context, tenant, text);
      if (!url.pathname.startsWith(`${MANAGEMENT}/`)) return undefined;
      const bearer = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      const token = azureTokens(store).get(sha256(bearer));
      if (token === undefined || token.expiresAt <= context.now())
        return refuseAzure(401, "InvalidAuthenticationToken");
      const body = text === "" ? undefined : parseJson(text);
      return store.transaction(() => manage(request.method, url, body));
    },
    books() {
      const now = context.now();
      return {
        accessTokens: azureTokens(store)
          .list()
          .map(({ tokenHash, expiresAt }) => ({
            ...{ provider: "azure", accountId: "", tokenId: tokenHash.slice(0, 16) },
            kind: "bearer",
            status: expiresAt <= now ? "expired" : "active",
            expiresAt: new Date(expiresAt).toISOString(),
            valueHash: tokenHash,
            permissions: [SCOPE],
          })),
      };
    },
    close: async () => {},
  };
}

/** Client credentials for Azure Resource Manager. */
function answerToken(context: SandboxContext, tenant: AzureTenant, body: string): Response {
  const form = new URLSearchParams(body);
  const isKnown =
    form.get("client_id") === tenant.clientId && form.get("client_secret") === tenant.clientSecret;
  if (!isKnown) return Response.json({ error: "invalid_client" }, { status: 401 });
  if (form.get("grant_type") !== "client_credentials" || form.get("scope") !== SCOPE)
    return Response.json({ error: "invalid_scope" }, { status: 400 });
  const access_token = context.mintSecret("azure access token", "eyJ");
  const tokenHash = sha256(access_token);
  azureTokens(context.store).put(tokenHash, {
    tokenHash,
    expiresAt: context.now() + SECONDS * 1000,
  });
  return Response.json({ token_type: "Bearer", expires_in: SECONDS, access_token });
}
