import { WorkerdError } from "../data-plane/workerd-runtime.ts";
import type { Api } from "./api.ts";
import { canReachAccount, isAuthorized, readPerson, type Target } from "./authorize.ts";
import { type Caller, identifyCaller } from "./caller.ts";
import { fail } from "./envelope.ts";
import { permissionGroup } from "./permission-groups.ts";
import { type Call, createRouteFinder, type Route } from "./route.ts";
import type { ZoneRecord } from "./zone-records.ts";

/** Nobody: for endpoints that check a credential of their own. */
const NOBODY: Caller = { kind: "oauth", accountId: "", email: "" };

/** Answers a request by the table of routes: path, credential, rights, body, then the endpoint. */
export function createDispatcher(
  api: Api,
  routes: readonly Route[],
): (request: Request, url: URL, path: string) => Promise<Response> {
  const findRoute = createRouteFinder(routes);
  return async (request, url, path) => {
    const match = findRoute(request.method, path);
    if (match.route === undefined)
      return match.isKnownPath
        ? fail(405, 7001, `Method ${request.method} not available for that URI.`)
        : fail(404, 7000, "No route for that URI");
    const { route, params } = match;
    const now = api.context.now();
    const caller =
      route.auth === "none"
        ? NOBODY
        : identifyCaller(api.records, now, request, route.auth === "inactive");
    if (caller instanceof Response) return caller;
    const zone = params.zone === undefined ? undefined : api.records.zones.get(params.zone);
    const refusal =
      route.auth === "none" ? undefined : checkRights(api, route, params, zone, caller);
    if (refusal !== undefined) return refusal;
    const body =
      route.body === "raw" || request.method === "GET" ? undefined : await readJson(request);
    if (body instanceof Response) return body;
    const accountId = params.account ?? zone?.accountId ?? "";
    return answer(route, { request, url, params, body, caller, accountId, zone });
  };
}

async function answer(route: Route, call: Call): Promise<Response> {
  try {
    return await route.handle(call);
  } catch (error) {
    if (!(error instanceof WorkerdError)) throw error;
    return fail(503, 10_013, `the data plane cannot run: ${error.message}`);
  }
}

/** A missing right is 403, an account or a zone that is gone 404: the provider drops what answers 404 and stops at 403. */
function checkRights(
  api: Api,
  route: Route,
  params: Readonly<Record<string, string>>,
  zone: ZoneRecord | undefined,
  caller: Caller,
): Response | undefined {
  const { records } = api;
  const denied = fail(403, 10_000, "Authentication error");
  if (route.needsPerson === true && readPerson(caller) === undefined) return denied;
  const accountId = params.account;
  if (accountId !== undefined) {
    const account = records.accounts.get(`cloudflare/${accountId}`);
    const wasMine = account?.closed === true && account.email === readPerson(caller);
    if (account === undefined || wasMine)
      return isConfined(caller)
        ? denied
        : fail(
            404,
            7003,
            "Could not route to the account, perhaps your object identifier is invalid?",
          );
    if (!canReachAccount(records, caller, accountId)) return denied;
  }
  if (params.zone !== undefined && zone === undefined)
    return fail(404, 1001, "Invalid zone identifier");
  const target = chooseTarget(route, accountId, zone);
  return target === undefined || isAuthorized(records, caller, route.needs, target)
    ? undefined
    : denied;
}

/** Bound to one account: such a caller learns nothing about others. */
function isConfined(caller: Caller): boolean {
  return caller.kind === "token" && "accountId" in caller.token.owner;
}

function chooseTarget(
  route: Route,
  accountId: string | undefined,
  zone: ZoneRecord | undefined,
): Target | undefined {
  if (zone !== undefined) return { kind: "zone", accountId: zone.accountId, zoneId: zone.id };
  if (accountId !== undefined) return { kind: "account", accountId };
  const [first] = route.needs;
  return first !== undefined && permissionGroup(first).scope === "user"
    ? { kind: "user" }
    : undefined;
}

/** Undefined for an empty body. */
async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return fail(400, 6007, "Malformed JSON in request body");
  }
}
