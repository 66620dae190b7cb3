import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, request as startRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloudflareApi } from "../../../src/sandbox/cloudflare/create-cloudflare-api.ts";
import type {
  AccountRecord,
  BearerRecord,
  Collection,
  SandboxContext,
  SandboxStore,
  Surface,
} from "../../../src/sandbox/context.ts";
import { createDataPlane } from "../../../src/sandbox/data-plane/create-data-plane.ts";
import type { DataPlane } from "../../../src/sandbox/data-plane/data-plane.ts";
import { bufferRequest, sendResponse } from "../../../src/sandbox/fetch-bridge.ts";
import { listen } from "../../../src/sandbox/listen.ts";
import { formatMoney } from "../../../src/util/money.ts";
import { sha256 } from "../../../src/util/sha256.ts";

/** One answer of the API, read. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly success: boolean;
    readonly errors: readonly { readonly code: number; readonly message: string }[];
    readonly messages: readonly { readonly message: string }[];
    // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests are about.
    readonly result: any;
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    readonly result_info?: any;
  };
  readonly text: string;
}

/** A charge that was made. */
export interface TestCharge {
  readonly accountId: string;
  readonly amount: string;
  readonly key: string;
}

/** The Cloudflare side of a sandbox over HTTP, with a store in memory that outlives a restart. */
export interface TestSandbox {
  readonly folder: string;
  readonly charges: readonly TestCharge[];
  /** Everything in the store as one text. */
  dump(): string;
  plane(): DataPlane;
  surface(): Surface;
  context(): SandboxContext;
  /** Makes an account with a bearer for it; `payment` presents a payment token. */
  addAccount(options?: { email?: string; payment?: boolean }): {
    accountId: string;
    bearer: string;
  };
  /** Calls the API; a body that is no text or form is sent as JSON. */
  call(
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiAnswer>;
  /** Asks a deployed app. */
  app(
    host: string,
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<{ status: number; text: string; headers: Record<string, unknown> }>;
  /** What the next charges answer. */
  declineCharges(code: "limit_exceeded" | "token_inactive" | "declined" | undefined): void;
  advance(milliseconds: number): void;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestSandbox(): Promise<TestSandbox> {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-cloudflare-"));
  const collections = new Map<string, Map<string, string>>();
  const charges: TestCharge[] = [];
  const key = randomBytes(32);
  let offset = 0;
  let decline: "limit_exceeded" | "token_inactive" | "declined" | undefined;
  let appPort = 0;
  let server = createServer();
  let controlPort = 0;
  let plane: DataPlane;
  let surface: Surface;
  let context: SandboxContext;

  const store: SandboxStore = {
    collection<T>(name: string): Collection<T> {
      const documents = collections.get(name) ?? new Map<string, string>();
      collections.set(name, documents);
      return {
        get: (id) => (documents.has(id) ? (JSON.parse(documents.get(id) ?? "") as T) : undefined),
        put: (id, value) => void documents.set(id, JSON.stringify(value)),
        delete: (id) => documents.delete(id),
        list: () => [...documents.values()].map((document) => JSON.parse(document) as T),
      };
    },
    transaction: (work) => work(),
  };

  async function open(): Promise<void> {
    context = {
      store,
      controlUrl: "http://127.0.0.1:1",
      appPort,
      now: () => Date.now() + offset,
      random: (bytes) => randomBytes(bytes).toString("hex"),
      folder(name) {
        mkdirSync(join(folder, name), { recursive: true });
        return join(folder, name);
      },
      keepSecret: (_kind: string, value: string) => value,
      mintSecret: (_kind, prefix = "") => `${prefix}cnry${randomBytes(22).toString("hex")}`,
      seal(text) {
        const nonce = randomBytes(12);
        const cipher = createCipheriv("aes-256-gcm", key, nonce);
        const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
        return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
      },
      unseal(sealed) {
        const bytes = Buffer.from(sealed, "base64");
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString(
          "utf8",
        );
      },
      charge({ accountId, amount, key: chargeKey }) {
        if (decline !== undefined) return { ok: false, code: decline };
        const index = charges.findIndex((charge) => charge.key === chargeKey);
        if (index < 0) charges.push({ accountId, amount: formatMoney(amount), key: chargeKey });
        return { ok: true, chargeId: `ch_${index < 0 ? charges.length : index + 1}` };
      },
    };
    plane = await createDataPlane(context);
    appPort = plane.appPort;
    surface = createCloudflareApi(context, plane);
    server = createServer(async (incoming, outgoing) => {
      const request = await bufferRequest(incoming, 64 * 1024 * 1024);
      if (request === undefined) return outgoing.destroy();
      // A kept connection would outlive a restart.
      outgoing.setHeader("connection", "close");
      const answer = await surface.handle(request.build(), request.url);
      return sendResponse(answer ?? new Response("no such path", { status: 404 }), outgoing);
    });
    controlPort = await listen(server, controlPort);
  }

  async function shut(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await surface.close();
  }

  await open();
  return {
    folder,
    charges,
    dump: () => JSON.stringify([...collections].map(([name, documents]) => [name, [...documents]])),
    plane: () => plane,
    surface: () => surface,
    context: () => context,
    addAccount({ email = "founder@example.com", payment = false } = {}) {
      const accountId = randomBytes(16).toString("hex");
      const bearer = `cfoat_${randomBytes(24).toString("hex")}`;
      store.collection<AccountRecord>("accounts").put(`cloudflare/${accountId}`, {
        provider: "cloudflare",
        accountId,
        email,
        name: "Acme",
        requestId: "areq_1",
        createdAt: new Date(context.now()).toISOString(),
        closed: false,
        ...(payment ? { paymentToken: "spt_1" } : {}),
      });
      store.collection<BearerRecord>("bearers").put(sha256(bearer), {
        tokenHash: sha256(bearer),
        provider: "cloudflare",
        accountId,
        expiresAt: new Date(context.now() + 30 * 86_400_000).toISOString(),
        revoked: false,
      });
      return { accountId, bearer };
    },
    async call(token, method, path, body, headers = {}) {
      const isPlain = typeof body === "string" || body instanceof FormData || body === undefined;
      const response = await fetch(`http://127.0.0.1:${controlPort}/client/v4${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(isPlain ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: isPlain ? (body as string | FormData) : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? JSON.parse(text) : undefined,
      };
    },
    app: (host, path, options = {}) =>
      new Promise((resolve, reject) => {
        const request = startRequest(
          {
            host: "127.0.0.1",
            port: appPort,
            path,
            method: options.method ?? "GET",
            headers: { host, ...options.headers },
            // A kept connection would outlive a restart.
            agent: false,
          },
          (response) => {
            let text = "";
            response.setEncoding("utf8");
            response.on("data", (chunk: string) => {
              text += chunk;
            });
            response.on("end", () =>
              resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
            );
            response.on("error", reject);
          },
        );
        request.on("error", reject);
        request.end(options.body);
      }),
    declineCharges(code) {
      decline = code;
    },
    advance(milliseconds) {
      offset += milliseconds;
    },
    async restart() {
      await shut();
      await open();
    },
    async close() {
      await shut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ids of permission groups by name. */
export async function findGroups(
  sandbox: TestSandbox,
  token: string,
  accountId: string,
  names: readonly string[],
): Promise<{ id: string }[]> {
  const { body } = await sandbox.call(
    token,
    "GET",
    `/accounts/${accountId}/tokens/permission_groups`,
  );
  return names.map((name) => {
    const group = body.result.find((one: { name: string }) => one.name === name);
    if (group === undefined) throw new Error(`no permission group ${name}`);
    return { id: group.id };
  });
}

/** Mints an account token with account groups on the account and zone groups on the zones. */
export async function mintToken(
  sandbox: TestSandbox,
  account: { readonly accountId: string; readonly bearer: string },
  rights: {
    readonly account?: readonly string[];
    readonly zone?: readonly string[];
    readonly zones?: readonly string[];
  },
  fields: Record<string, unknown> = {},
): Promise<{ id: string; value: string }> {
  const { accountId, bearer } = account;
  const policies = [];
  if (rights.account !== undefined)
    policies.push({
      effect: "allow",
      permission_groups: await findGroups(sandbox, bearer, accountId, rights.account),
      resources: { [`com.cloudflare.api.account.${accountId}`]: "*" },
    });
  if (rights.zone !== undefined) {
    const keys = rights.zones?.map((id) => `com.cloudflare.api.account.zone.${id}`) ?? [
      "com.cloudflare.api.account.zone.*",
    ];
    policies.push({
      effect: "allow",
      permission_groups: await findGroups(sandbox, bearer, accountId, rights.zone),
      resources: Object.fromEntries(keys.map((key) => [key, "*"])),
    });
  }
  const answer = await sandbox.call(bearer, "POST", `/accounts/${accountId}/tokens`, {
    name: "test",
    policies,
    ...fields,
  });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.result;
}

/** A Worker upload's form. */
export function scriptForm(code: string, metadata: Record<string, unknown> = {}): FormData {
  const form = new FormData();
  form.set("worker.js", new File([code], "worker.js", { type: "application/javascript+module" }));
  form.set(
    "metadata",
    new Blob(
      [JSON.stringify({ main_module: "worker.js", compatibility_date: "2026-01-01", ...metadata })],
      { type: "application/json" },
    ),
  );
  return form;
}
