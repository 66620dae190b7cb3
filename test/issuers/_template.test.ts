import { createTemplateIssuer } from "../../src/adapters/issuers/_template/client.ts";
import template from "../../src/adapters/issuers/_template/index.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import type { ChargeHow } from "./issuer-subject.ts";
import { testIssuer } from "./issuer-suite.ts";

interface Token {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  captured: number;
  isRevoked: boolean;
}

/** The other side, in memory: replace it by a surface of the sandbox. */
function createWorld() {
  const byKey = new Map<string, Token>();
  const byId = new Map<string, Token>();
  let ahead = 0;
  let fault: "answer" | "request" | undefined;
  const isDead = (token: Token): boolean =>
    token.isRevoked || Date.now() + ahead >= Date.parse(String(token.body.expiresAt));
  const show = (token: Token): Response =>
    Response.json({
      ...{ ...token.body, id: token.id, captured: token.captured },
      status: isDead(token) ? "dead" : "active",
    });
  const issue = (headers: Headers, body: Token["body"]): Response => {
    const key = headers.get("idempotency-key") ?? "";
    const known = byKey.get(key);
    if (known !== undefined)
      return JSON.stringify(known.body) === JSON.stringify(body)
        ? show(known)
        : Response.json({}, { status: 409 });
    const id = `tok_${String(byId.size).padStart(8, "0")}`;
    const token: Token = { id, body, captured: 0, isRevoked: false };
    byKey.set(key, token);
    byId.set(id, token);
    return show(token);
  };
  const answer = (method: string, path: string, headers: Headers, text: string): Response => {
    if (headers.get("authorization") !== "Bearer right") return Response.json({}, { status: 401 });
    if (path === "/health") return Response.json({});
    if (method === "POST") return issue(headers, JSON.parse(text) as Token["body"]);
    const token = byId.get(path.slice("/tokens/".length));
    if (token === undefined) return Response.json({}, { status: 404 });
    if (method === "DELETE") token.isRevoked = true;
    return show(token);
  };
  const send: Fetch = async (url, { method = "GET", headers, body }) => {
    const struck = method === "POST" ? fault : undefined;
    if (method === "POST") fault = undefined;
    if (struck === "request") throw new TypeError("the connection broke");
    const { pathname } = new URL(url);
    const known = new Headers(headers as Record<string, string>);
    const response = answer(method, pathname, known, String(body ?? ""));
    if (struck === "answer") throw new TypeError("the connection broke");
    return response;
  };
  return {
    fetch: send,
    lose: async (how: "answer" | "request") => {
      fault = how;
    },
    advance: async (milliseconds: number) => {
      ahead += milliseconds;
    },
    count: async () => byId.size,
    async charge(
      credential: { reveal(): string },
      minor: bigint,
      { currency = "USD", seller = "payee" }: ChargeHow = {},
    ): Promise<boolean> {
      const token = byId.get(credential.reveal());
      if (token === undefined || isDead(token)) return false;
      const payee = seller === "payee" ? "payee-1" : "payee-2";
      if (token.body.payee !== payee || token.body.currency !== currency) return false;
      if (token.captured + Number(minor) > Number(token.body.amount)) return false;
      token.captured += Number(minor);
      return true;
    },
  };
}

testIssuer(template, async () => {
  const world = createWorld();
  const open = (apiKey: string) =>
    createTemplateIssuer(
      { apiUrl: "https://issuer.example", apiKey },
      { fetch: world.fetch, repeats: 0 },
    );
  return {
    ...{ issuer: open("right"), stranger: open("wrong"), payee: "payee-1", currency: "USD" },
    otherPayee: "payee-2",
    ...world,
    close: async () => {},
  };
});
