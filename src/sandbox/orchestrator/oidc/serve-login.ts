import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Provider } from "oidc-provider";

/** The sandbox's sign-in: whoever types an e-mail address is that person; `unverified...@` is one whose address was never verified. */
export async function serveLogin(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Throws where the person's browser has no interaction under way.
  await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><title>Sign in</title><form method="post"><input name="email" type="email"> <button>Sign in</button></form>`,
    );
    return;
  }
  const email = new URLSearchParams(await text(request)).get("email")?.trim().toLowerCase() ?? "";
  const isAddress = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email);
  const result = isAddress ? { login: { accountId: email } } : { error: "access_denied" };
  await provider.interactionFinished(request, response, result);
}
