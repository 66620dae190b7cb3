import { sha256 } from "../../../util/sha256.ts";
import type { AccountRecord, SandboxContext } from "../../context.ts";
import { buildHtmlPage } from "../../html-page.ts";
import { userId } from "../authorize.ts";
import { PERMISSION_GROUPS } from "../permission-groups.ts";
import { openRecords } from "../records.ts";

/** Id of the token record; there is one at most. */
const TOKEN_ID = sha256("handed token").slice(0, 32);

/** `POST /cloudflare/sign-up` (form: `email`): a person makes an account by hand; who has one keeps it. */
export function signUp(context: SandboxContext, body: string): Response {
  const email = readEmail(body);
  if (email === "") return askWho();
  if (findAccount(context, email) === undefined) {
    const accountId = context.random(16);
    openRecords(context.store).accounts.put(`cloudflare/${accountId}`, {
      ...{ provider: "cloudflare", accountId, email, name: "Personal", requestId: accountId },
      createdAt: new Date(context.now()).toISOString(),
      closed: false,
    });
  }
  return buildHtmlPage("Welcome", "<p>You have an account.</p>");
}

/**
 * The token of the connection's `cloudflare-token`; the same after every restart. It is worth nothing before a person has handed it over
 * ({@link handToken}). Collection `cloudflare-handed`, sealed.
 */
export function openHandedToken({ store, mintSecret, seal, unseal }: SandboxContext): string {
  const handed = store.collection<{ readonly sealed: string }>("cloudflare-handed");
  const known = handed.get("token");
  if (known !== undefined) return unseal(known.sealed);
  const value = mintSecret("cloudflare handed token", "cfut_");
  handed.put("token", { sealed: seal(value) });
  return value;
}

/** `POST /cloudflare/api-tokens` (form: `email`): the connection's token is that person's from then on, and may do all that the person may. */
export function handToken(context: SandboxContext, body: string): Response {
  const email = readEmail(body);
  if (email === "") return askWho();
  if (findAccount(context, email) === undefined)
    return buildHtmlPage("No account", "<p>Sign up first.</p>", 400);
  const { tokens, tokenValues } = openRecords(context.store);
  const valueHash = sha256(openHandedToken(context));
  const at = new Date(context.now()).toISOString();
  tokenValues.put(valueHash, TOKEN_ID);
  tokens.put(TOKEN_ID, {
    id: TOKEN_ID,
    owner: { email },
    name: "Handed over",
    policies: [
      {
        id: sha256("handed policy").slice(0, 32),
        effect: "allow",
        resources: {
          "com.cloudflare.api.account.*": "*",
          "com.cloudflare.api.account.zone.*": "*",
          [`com.cloudflare.api.user.${userId(email)}`]: "*",
        },
        permission_groups: PERMISSION_GROUPS.map(({ id }) => ({ id })),
      },
    ],
    isDisabled: false,
    issuedOn: at,
    modifiedOn: at,
    valueHash,
  });
  return buildHtmlPage("Handed over", "<p>The token is yours, and the platform has it.</p>");
}

/** The account that a person has, if any. */
export function findAccount(
  { store }: Pick<SandboxContext, "store">,
  email: string,
): AccountRecord | undefined {
  return openRecords(store)
    .accounts.list()
    .find(
      (one) =>
        one.provider === "cloudflare" &&
        !one.closed &&
        one.email.toLowerCase() === email.toLowerCase(),
    );
}

function readEmail(body: string): string {
  return new URLSearchParams(body).get("email")?.toLowerCase() ?? "";
}

function askWho(): Response {
  return buildHtmlPage("Who are you?", "<p>Log in first.</p>", 400);
}
