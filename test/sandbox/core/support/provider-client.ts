import { createHash, createHmac, createPrivateKey, sign } from "node:crypto";
import type { SandboxConnection } from "../../../../src/sandbox/connection.ts";
import type { TestSandbox } from "./test-sandbox.ts";

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came
  readonly body: any;
}

export interface CallOptions {
  readonly bearer?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly key?: string | undefined;
}

/** An orchestrator written from the protocol's description, sharing no code with the sandbox. */
export interface ProviderClient {
  readonly url: string;
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  exchange(form: Readonly<Record<string, string>>): Promise<Answer>;
  requestAccount(change?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** A new account; answers with its bearer. */
  connect(email?: string): Promise<{ bearer: string; refresh: string; accountId: string }>;
}

export function signV1(
  secret: string,
  body: string,
  seconds = Math.floor(Date.now() / 1000),
): string {
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}

export function signV2(
  identity: SandboxConnection["identities"]["stripe"],
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = { alg: "EdDSA", typ: "JWT", kid: identity.keyId },
): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode(header)}.${encode(claims)}`;
  const key = createPrivateKey({ key: identity.signingKey, format: "jwk" });
  return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
}

export function digest(body: string): string {
  return createHash("sha256").update(body).digest("base64url");
}

let count = 0;

export async function connectProvider(
  sandbox: TestSandbox,
  provider = "acme",
  orchestrator: "stripe" | "self" = "stripe",
): Promise<ProviderClient> {
  const connection = await sandbox.connection();
  const identity = connection.identities[orchestrator];
  const url = connection.providers[provider]?.url ?? `${sandbox.controlUrl}/providers/${provider}`;
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  const call: ProviderClient["call"] = (method, path, body, options = {}) => {
    const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    return send(path, {
      method,
      headers: {
        "api-version": "0.1d",
        connection: "close",
        "stripe-signature": signV1(identity.signingSecret, text),
        ...(options.bearer === undefined ? {} : { authorization: `Bearer ${options.bearer}` }),
        ...(options.key === undefined ? {} : { "idempotency-key": options.key }),
        ...options.headers,
      },
      ...(text === "" ? {} : { body: text }),
    });
  };
  const requestAccount: ProviderClient["requestAccount"] = (change = {}) => {
    count += 1;
    return call("POST", "/provisioning/account_requests", {
      id: `areq_${count}`,
      object: "account_request",
      email: `person${count}@example.com`,
      scopes: [],
      client_capabilities: ["browser"],
      confirmation_secret: `secret-${count}`,
      expires_at: new Date(sandbox.context.now() + 3_600_000).toISOString(),
      orchestrator: { type: orchestrator, [orchestrator]: { account: identity.account } },
      ...change,
    });
  };
  return {
    url,
    call,
    requestAccount,
    exchange(form) {
      const body = new URLSearchParams(form).toString();
      const headers = {
        "content-type": "application/x-www-form-urlencoded",
        connection: "close",
        "stripe-signature": signV1(identity.signingSecret, body),
      };
      return send("/oauth/token", { method: "POST", headers, body });
    },
    async connect(email) {
      const answer = await requestAccount(email === undefined ? {} : { email });
      const { access_token, refresh_token, account } = answer.body.credentials.bearer;
      return { bearer: access_token, refresh: refresh_token, accountId: account.id };
    },
  };
}
