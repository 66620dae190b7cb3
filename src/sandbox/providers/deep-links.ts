import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext } from "../context.ts";
import { buildHtmlPage, escapeHtml } from "../html-page.ts";
import { buildFlatError, type ProviderAnswer } from "./provider-answer.ts";
import type { AccountCall } from "./provider-call.ts";

/** Life of a link; shipped providers use 5 to 10 minutes. */
const LINK_LIFETIME_MS = 300_000;

/** Collection `deep-links`, by SHA-256 of the token; deleted when followed. */
interface LinkRecord {
  readonly provider: string;
  readonly accountId: string;
  readonly expiresAt: number;
}

/** `POST /provisioning/deep_links`: a link to the provider's dashboard that works once. */
export function createDeepLink(call: AccountCall): ProviderAnswer {
  const { context, provider, body } = call;
  if (!call.settings.hasDeepLinks) return buildFlatError(403, "deep_links_not_enabled");
  if (body.purpose !== "dashboard") return buildFlatError(400, "unsupported_purpose");
  const path = body.path ?? "/";
  if (typeof path !== "string" || !/^\/(?!\/)[\w/-]*$/.test(path))
    return buildFlatError(400, "invalid_path");
  const token = context.mintSecret("deep-link", "dl_");
  const expiresAt = context.now() + LINK_LIFETIME_MS;
  context.store
    .collection<LinkRecord>("deep-links")
    .put(sha256(token), { provider, accountId: call.account.accountId, expiresAt });
  const url = `${context.controlUrl}/providers/${encodeURIComponent(provider)}/dashboard?token=${token}`;
  return {
    status: 200,
    body: { purpose: "dashboard", url, expires_at: new Date(expiresAt).toISOString() },
  };
}

/** `GET /providers/<provider>/dashboard?token=`: where the link leads. */
export function showDashboard(context: SandboxContext, provider: string, url: URL): Response {
  const links = context.store.collection<LinkRecord>("deep-links");
  const id = sha256(url.searchParams.get("token") ?? "");
  const link = links.get(id);
  if (link === undefined || link.provider !== provider || link.expiresAt <= context.now())
    return buildHtmlPage("Link expired", "<p>Ask for a new one.</p>", 410);
  links.delete(id);
  return buildHtmlPage(
    `${escapeHtml(provider)} dashboard`,
    `<p>Account ${escapeHtml(link.accountId)}</p>`,
  );
}
