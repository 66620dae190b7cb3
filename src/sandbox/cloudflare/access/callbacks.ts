import { sha256 } from "../../../util/sha256.ts";
import type { SandboxContext } from "../../context.ts";
import { buildHtmlPage } from "../../html-page.ts";

/** What came back from the consent page. Collection `cloudflare-callbacks`, by SHA-256 of the state; the first answer stays. */
interface CallbackRecord {
  readonly sealedCode: string | null;
  /** `access_denied` when the person said no. */
  readonly error: string | null;
}

/** `GET /cloudflare/oauth-callback?state=&code=|error=`: the redirect address, where a consent page sends the person's browser. */
export function receiveCallback({ store, seal }: SandboxContext, url: URL): Response {
  const [state, code, error] = ["state", "code", "error"].map((name) => url.searchParams.get(name));
  if (!state || (!code && !error))
    return buildHtmlPage("Nothing received", "<p>The link is incomplete.</p>", 400);
  const callbacks = store.collection<CallbackRecord>("cloudflare-callbacks");
  const id = sha256(state);
  if (callbacks.get(id) === undefined)
    callbacks.put(id, {
      sealedCode: code ? seal(code) : null,
      error: code ? null : (error ?? null),
    });
  return buildHtmlPage("Done", "<p>You can close this page.</p>");
}

/** `POST /cloudflare/oauth-answers` (form: `state`): what the redirect address received, for who knows the state; a code is no use without its PKCE verifier. */
export function tellCallback({ store, unseal }: SandboxContext, body: string): Response {
  const state = new URLSearchParams(body).get("state") ?? "";
  const record = store.collection<CallbackRecord>("cloudflare-callbacks").get(sha256(state));
  const answer =
    record === undefined
      ? { status: "pending" }
      : record.sealedCode === null
        ? { status: "refused", error: record.error }
        : { status: "received", code: unseal(record.sealedCode) };
  return Response.json(answer, { headers: { "cache-control": "no-store" } });
}
