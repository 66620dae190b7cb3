import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext, Surface } from "../context.ts";
import { buildHtmlPage } from "../html-page.ts";
import { ORCHESTRATOR_IDS, type OrchestratorId, type OrchestratorIdentity } from "./identities.ts";

/** What came back from a provider's consent page. Collection `orchestrator-sessions`, by {@link nameSession}. */
interface SessionRecord {
  readonly sealedCode: string | null;
  /** `access_denied` when the person said no. */
  readonly error: string | null;
}

/** A session as `GET /sandbox/orchestrators/<id>/sessions/<state>` tells it. */
export interface OrchestratorSession {
  readonly status: "pending" | "received" | "refused";
  readonly code?: string | undefined;
  readonly error?: string | undefined;
}

/** How long a public key may be cached. */
const KEY_LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * The orchestrator's own endpoints: `GET /v2/provisioning/public_keys` for providers, and `GET /orchestrator/<id>/callback`, to which a consent page
 * sends the person's browser with `code` and `state`.
 */
export function createOrchestrator(
  context: Pick<SandboxContext, "store" | "now" | "seal">,
  input: {
    /** Whose keys the bearer of a provider may read. */
    readonly findByProviderToken: (token: string) => OrchestratorIdentity | undefined;
  },
): Surface {
  return {
    async handle(request, url) {
      if (url.pathname === "/v2/provisioning/public_keys") {
        const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
        const identity = bearer === undefined ? undefined : input.findByProviderToken(bearer);
        if (identity === undefined)
          return Response.json(
            { error: { code: "unauthorized", message: "no such provider" } },
            { status: 401 },
          );
        const expires_at = new Date(context.now() + KEY_LIFETIME_MS).toISOString();
        const key = { kid: identity.keyId, crv: "Ed25519", x: identity.publicKey, expires_at };
        return Response.json({ public_keys: [key] });
      }
      const id = /^\/orchestrator\/([\w-]+)\/callback$/.exec(url.pathname)?.[1];
      const orchestrator = ORCHESTRATOR_IDS.find((known) => known === id);
      return orchestrator === undefined ? undefined : receiveCallback(context, orchestrator, url);
    },
    close: async () => {},
  };
}

function receiveCallback(
  context: Pick<SandboxContext, "store" | "seal">,
  id: OrchestratorId,
  url: URL,
): Response {
  const state = url.searchParams.get("state");
  const code = url.searchParams.get("code");
  if (state === null || (code === null && url.searchParams.get("error") === null))
    return buildHtmlPage("Nothing received", "<p>The link is incomplete.</p>", 400);
  context.store.collection<SessionRecord>("orchestrator-sessions").put(nameSession(id, state), {
    sealedCode: code === null ? null : context.seal(code),
    error: code === null ? "access_denied" : null,
  });
  return buildHtmlPage("Done", "<p>You can close this page.</p>");
}

/** What the callback received for a `state`. */
export function readSession(
  context: Pick<SandboxContext, "store" | "unseal">,
  id: OrchestratorId,
  state: string,
): OrchestratorSession {
  const record = context.store
    .collection<SessionRecord>("orchestrator-sessions")
    .get(nameSession(id, state));
  if (record === undefined) return { status: "pending" };
  if (record.sealedCode === null) return { status: "refused", error: record.error ?? undefined };
  return { status: "received", code: context.unseal(record.sealedCode) };
}

function nameSession(id: OrchestratorId, state: string): string {
  return `${id}/${sha256(state)}`;
}
