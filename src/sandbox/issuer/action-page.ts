import { buildHtmlPage, escapeHtml } from "../html-page.ts";
import { type IssuerContext, loadPaymentToken, type PaymentToken } from "./payment-token.ts";

/** The page behind `next_action.redirect_to_url`: the card holder looks at the payment token and confirms it, which makes it active. */
export function showActionPage(context: IssuerContext, request: Request, url: URL): Response {
  const id = url.pathname.slice("/issuer/actions/".length);
  const token = loadPaymentToken(context, id);
  if (token?.status !== "requires_action")
    return buildHtmlPage("Nothing to confirm", "<p>This link is used or wrong.</p>", 410);
  if (request.method === "POST") {
    const active: PaymentToken = { ...token, status: "active" };
    context.store.collection<PaymentToken>("payment-tokens").put(id, active);
    if (token.returnUrl === null)
      return buildHtmlPage("Confirmed", "<p>You can close this page.</p>");
    return new Response(null, { status: 303, headers: { location: token.returnUrl } });
  }
  return buildHtmlPage(
    "Confirm payments",
    `<p>Payee: ${escapeHtml(token.sellerProfile)}</p><form method="post"><button>Confirm</button></form>`,
  );
}
