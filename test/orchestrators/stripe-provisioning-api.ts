import type { Fetch } from "../../src/util/fetch-json.ts";

interface Connection {
  readonly id: string;
  readonly provider: string;
  status: "active" | "unlinked";
  readonly provider_account: string;
  readonly provider_account_details: { readonly primary_email: string };
}
interface Request {
  readonly id: string;
  request_status: string;
  readonly email: string;
  polls: number;
}
interface Resource {
  readonly id: string;
  readonly service_ref: string;
  status: string;
  generation: number;
}

const KEY = "sk_test_platform";

/** Stripe's side of the preview, stateful: states advance when they are looked at, keys are remembered, limits are kept. */
export function createProvisioningApi() {
  const connections: Connection[] = [];
  const requests: Request[] = [];
  const resources: Resource[] = [];
  const accounts = new Map<string, string>();
  const byKey = new Map<string, unknown>();
  const faults: { readonly path: string; readonly how: "answer" | "request" }[] = [];
  const state = {
    /** At the provider, and of the whole profile. */
    limit: undefined as object | undefined,
    profileLimit: undefined as object | undefined,
    keepsLimits: true,
    ...{ requestedFor: 1, email: "", pageSize: 100 },
    /** The state of a new request, else what the person's account makes it. */
    asksFor: undefined as string | undefined,
    /** What answers in Stripe's place. */
    proxy: undefined as (() => Response) | undefined,
  };

  /** One page of a list, which names the next by its address. */
  const page = (path: string, search: string, rows: readonly unknown[]) => {
    const start = Number(new URLSearchParams(search).get("page") ?? 0);
    const end = start + state.pageSize;
    return {
      data: rows.slice(start, end),
      next_page_url: end < rows.length ? `/v2/provisioning${path}?page=${end}` : null,
    };
  };

  const connect = (email: string): void => {
    const provider_account = accounts.get(email) ?? `acct_${accounts.size + 1}`;
    accounts.set(email, provider_account);
    connections.push({
      ...{ id: `prvcn_${connections.length + 1}`, provider: "cloudflare", status: "active" },
      provider_account,
      provider_account_details: { primary_email: email },
    });
  };

  const show = ({ id, request_status }: Request) => ({
    ...{ id, request_status },
    ...(request_status === "pending_auth"
      ? { redirect_url: `https://dash.example/authorize?request=${id}` }
      : {}),
    ...(request_status === "error" ? { error: { code: "access_denied", message: "no" } } : {}),
  });

  function route(
    method: string,
    path: string,
    search: string,
    body: Readonly<Record<string, unknown>>,
  ): unknown {
    const [, id = "", verb] =
      /^\/(?:resources|provider_connections|provider_connection_requests)\/([^/]+)(?:\/(\w+))?$/.exec(
        path,
      ) ?? [];
    if (path === "/eligibility") return { is_eligible: true, requirements: [] };
    if (path === "/catalog/services")
      return page(path, search, [
        // As if the query had not been understood.
        { provider_name: "Other", service_id: "kv", pricing: { type: "paid" } },
        ...[
          ["kv", { type: "free" }],
          ["workers:free", { type: "free" }],
          [
            "r2:bucket",
            { type: "paid", paid: { type: "freeform", freeform: "$0.015 / GB-month" } },
          ],
        ].map(([service_id, pricing]) => ({ provider_name: "Cloudflare", service_id, pricing })),
      ]);
    if (path === "/payment_profile")
      return {
        providers:
          state.limit === undefined ? [] : [{ provider: "cloudflare", usage_limits: state.limit }],
        usage_limits: state.profileLimit ?? null,
      };
    if (path === "/payment_profile/update_limit") {
      if (state.keepsLimits) state.limit = body.usage_limits as object;
      return {};
    }
    if (path === "/provider_connections" && method === "GET")
      return page(path, search, connections);
    if (path === "/provider_connection_requests") {
      const known = accounts.has(state.email);
      const request = {
        id: `prvcr_${requests.length + 1}`,
        request_status: state.asksFor ?? (known ? "pending_auth" : "requested"),
        email: state.email,
        polls: 0,
      };
      requests.push(request);
      return show(request);
    }
    if (path.startsWith("/provider_connection_requests/")) {
      const request = requests.find((one) => one.id === id);
      if (request === undefined) return undefined;
      request.polls += 1;
      if (request.request_status === "requested" && request.polls >= state.requestedFor) {
        request.request_status = "complete";
        connect(request.email);
      }
      return show(request);
    }
    if (path.startsWith("/provider_connections/")) {
      const connection = connections.find((one) => one.id === id);
      if (connection === undefined) return undefined;
      connection.status = "unlinked";
      return connection;
    }
    if (path === "/resources") {
      const resource = {
        id: `prvrs_${resources.length + 1}`,
        service_ref: String(body.service_ref),
        status: "complete",
        generation: 1,
      };
      resources.push(resource);
      return resource;
    }
    const resource = resources.find((one) => one.id === id);
    if (resource === undefined) return undefined;
    if (verb === "remove") resource.status = "removed";
    if (verb === "rotate_credentials") resource.generation += 1;
    if (verb === "reveal_access_configuration")
      return { configuration: { api_key: `key-${id}-${resource.generation}` } };
    return resource;
  }

  const answer: Fetch = async (url, init) => {
    if (state.proxy !== undefined) return state.proxy();
    const { pathname, search } = new URL(url);
    const path = pathname.replace("/v2/provisioning", "");
    const method = init.method ?? "GET";
    const headers = init.headers as Readonly<Record<string, string>>;
    const refuse = (status: number, code: string) =>
      Response.json({ error: { code, message: "no" } }, { status });
    if (headers.Authorization !== `Bearer ${KEY}`) return refuse(401, "api_key_invalid");
    if (!/\.preview$/.test(headers["Stripe-Version"] ?? "") || !headers["Stripe-Context"])
      return refuse(400, "invalid_request");
    const index = faults.findIndex((one) => method === "POST" && one.path === path);
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0];
    if (fault?.how === "request") return refuse(500, "api_error");
    const key = headers["Idempotency-Key"];
    const known = key === undefined ? undefined : byKey.get(key);
    const body = known ?? route(method, path, search, JSON.parse(String(init.body ?? "{}")));
    if (body === undefined) return refuse(404, "not_found");
    if (key !== undefined) byKey.set(key, body);
    return fault?.how === "answer" ? refuse(500, "api_error") : Response.json(body);
  };

  return { answer, connections, requests, resources, accounts, faults, state, key: KEY };
}
