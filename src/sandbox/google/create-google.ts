import { parseJson } from "../../util/parse-json.ts";
import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext, Surface } from "../context.ts";
import { answerBilling } from "./answer-billing.ts";
import { answerProjects } from "./answer-projects.ts";
import { answerToken } from "./answer-token.ts";
import { googleTokens } from "./google-records.ts";
import type { ServiceAccount } from "./open-service-account.ts";
import { refuseGoogle } from "./refuse-google.ts";

const MANAGE = "https://www.googleapis.com/auth/cloud-platform";

/** Google Cloud's Resource Manager and Cloud Billing, as far as projects are made by them, and tokens of one service account. */
export function createGoogle(
  context: SandboxContext,
  { account, machineNow }: { readonly account: ServiceAccount; readonly machineNow: () => number },
): Surface {
  const { store } = context;
  return {
    async handle(request, url) {
      const [, api] =
        /^\/google\/(token$|resource-manager\/v3\/|billing\/v1\/)/.exec(url.pathname) ?? [];
      if (api === undefined) return undefined;
      const { method } = request;
      const text = await request.text();
      if (api === "token") {
        const audience = `${context.controlUrl}${url.pathname}`;
        return answerToken(context, account, { body: text, audience, machineNow: machineNow() });
      }
      const bearer = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      const token = googleTokens(store).get(sha256(bearer));
      if (token === undefined || token.expiresAt <= context.now())
        return refuseGoogle("UNAUTHENTICATED");
      if (token.scope !== MANAGE) return refuseGoogle("PERMISSION_DENIED");
      const body = text === "" ? undefined : parseJson(text);
      return store.transaction(() =>
        api.startsWith("billing")
          ? answerBilling(context, account, { method, path: url.pathname, body })
          : answerProjects(context, account, { method, url, body }),
      );
    },
    books() {
      const now = context.now();
      return {
        accessTokens: googleTokens(store)
          .list()
          .map(({ tokenHash, scope, expiresAt }) => ({
            ...{ provider: "gcp", accountId: "", tokenId: tokenHash.slice(0, 16), kind: "bearer" },
            status: expiresAt <= now ? "expired" : "active",
            expiresAt: new Date(expiresAt).toISOString(),
            valueHash: tokenHash,
            permissions: [scope],
          })),
      };
    },
    close: async () => {},
  };
}
