import { createTemplateOrchestrator } from "../../src/adapters/orchestrators/_template/client.ts";
import template from "../../src/adapters/orchestrators/_template/index.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";

/** The other side, in memory: replace it by a surface of the sandbox. */
function createWorld() {
  /** Account ids by the person they belong to, and persons by what they were asked. */
  const accounts = new Map<string, string>();
  const requests = new Map<string, string>();
  const decisions = new Map<string, "allow" | "deny">();
  const refreshTokens = new Map<string, string>();
  let minted = 0;
  let fault: "answer" | "request" | undefined;

  const makeAccount = (email: string): string => {
    const id = `acct_${accounts.size}`;
    accounts.set(email, id);
    return id;
  };
  const grant = (accountId: string): Response => {
    minted += 1;
    const refresh_token = `refresh-${minted}`;
    refreshTokens.set(refresh_token, accountId);
    const access_token = `access-token-${minted}`;
    return Response.json({
      ...{ access_token, refresh_token },
      ...{ expires_in: 3600, account: { id: accountId } },
    });
  };
  const refuse = (status: number, error: string): Response => Response.json({ error }, { status });
  const openAccount = (key: string, email: string): Response => {
    const known = accounts.get(email);
    if (known === undefined || requests.get(key) === email) {
      requests.set(key, email);
      return grant(known ?? makeAccount(email));
    }
    const decision = decisions.get(email);
    if (decision === "allow") return grant(known);
    if (decision === "deny") return refuse(403, "access_denied");
    const consent_url = `https://vouching.example/consent?who=${encodeURIComponent(email)}`;
    return Response.json({ consent_url }, { status: 202 });
  };
  const answer = (path: string, headers: Headers, text: string): Response => {
    if (headers.get("authorization") !== "Bearer right") return refuse(401, "unauthorized");
    if (path === "/health") return Response.json({});
    const body = JSON.parse(text) as Readonly<Record<string, string>>;
    if (path === "/accounts")
      return openAccount(headers.get("idempotency-key") ?? "", body.email ?? "");
    const token = body.refresh_token ?? "";
    const accountId = refreshTokens.get(token);
    refreshTokens.delete(token);
    return accountId === undefined ? refuse(400, "invalid_grant") : grant(accountId);
  };
  const send: Fetch = async (url, { headers, body }) => {
    const struck = fault;
    fault = undefined;
    if (struck === "request") throw new TypeError("the connection broke");
    const known = new Headers(headers as Record<string, string>);
    const response = answer(new URL(url).pathname, known, String(body ?? "{}"));
    if (struck === "answer") throw new TypeError("the connection broke");
    return response;
  };
  return {
    fetch: send,
    lose: async (_call: "account" | "resource", how: "answer" | "request") => {
      fault = how;
    },
    makeAccount: async (email: string) => makeAccount(email),
    consent: async (_url: string, decision: "allow" | "deny", email: string) => {
      decisions.set(email, decision);
    },
    count: async (what: "accounts" | "resources") => (what === "accounts" ? accounts.size : 0),
  };
}

testOrchestrator(
  template.id,
  template,
  async () => {
    const world = createWorld();
    const open = (apiKey: string) =>
      createTemplateOrchestrator(
        { apiUrl: "https://vouching.example", apiKey },
        { fetch: world.fetch, now: Date.now },
      );
    return {
      ...{ orchestrator: open("right"), stranger: open("wrong") },
      ...{ free: { service: "none", config: {} }, paid: { service: "none", config: {} } },
      ...world,
      close: async () => {},
    };
  },
  { "exchanges a code for the account": "accounts are handed out without a code" },
);
