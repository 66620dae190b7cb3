import type { Configuration } from "oidc-provider";
import type { SandboxStore } from "../../context.ts";
import { escapeHtml } from "../../html-page.ts";
import { TOKEN_EXCHANGE } from "./exchange-grant.ts";
import { type IdentityKeys, PLATFORM_CLIENT, printPublicKey } from "./identity-keys.ts";
import { createStoreAdapter } from "./store-adapter.ts";

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

/** The identity provider's settings: one client, the platform itself, which proves who it is with its key (RFC 7523). */
export function buildConfiguration(store: SandboxStore, keys: IdentityKeys): Configuration {
  const page = (title: string, body: string) =>
    `<!doctype html><title>${title}</title><h1>${title}</h1>${body}`;
  return {
    adapter: createStoreAdapter(store),
    clients: [
      {
        client_id: PLATFORM_CLIENT,
        client_name: "Supercargo",
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "EdDSA",
        id_token_signed_response_alg: "EdDSA",
        jwks: { keys: [printPublicKey(keys.clientKey, "client")] },
        grant_types: [DEVICE_CODE, "refresh_token", TOKEN_EXCHANGE],
        response_types: [],
        redirect_uris: [],
      },
    ],
    jwks: {
      keys: [
        { ...keys.signingKey.export({ format: "jwk" }), kid: keys.keyId, alg: "EdDSA", use: "sig" },
      ],
    },
    cookies: { keys: [keys.cookieSecret] },
    scopes: ["openid", "email"],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, email: sub, email_verified: !sub.startsWith("unverified") }),
    }),
    interactions: {
      url: (_, interaction) => `/orchestrator/self/oidc/interaction/${interaction.uid}`,
    },
    // The device page has asked the person already; the client is the platform's own.
    async loadExistingGrant({ oidc }) {
      const { client, session, provider } = oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      });
      grant.addOIDCScope("openid email");
      await grant.save();
      return grant;
    },
    issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 600,
      RefreshToken: 2_592_000,
      DeviceCode: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 86_400,
      Grant: 2_592_000,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_, client, token) => token.clientId === client.clientId,
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form) => {
          ctx.body = page(
            "Enter the code",
            `${form}<button form="op.deviceInputForm">Go on</button>`,
          );
        },
        userCodeConfirmSource: (ctx, form, client, _, code) => {
          const question = `Does the device of ${escapeHtml(client.clientName ?? "")} show ${escapeHtml(code)}?`;
          const buttons = `<button form="op.deviceConfirmForm">Yes</button><button form="op.deviceConfirmForm" value="yes" name="abort">No</button>`;
          ctx.body = page("Sign in a device", `<p>${question}</p>${form}${buttons}`);
        },
        successSource: (ctx) => {
          ctx.body = page("Signed in", "<p>You can close this page.</p>");
        },
      },
    },
    renderError: (ctx, out) => {
      ctx.body = page("Not possible", `<p>${escapeHtml(String(out.error))}</p>`);
    },
  };
}
