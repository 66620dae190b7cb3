import type { Json } from "../../util/canonical-json.ts";
import { memberAt, textAt } from "../../util/json-access.ts";
import { readSession } from "../orchestrator/create-orchestrator.ts";
import { requestAccount } from "../providers/account-requests.ts";
import { redeemCode } from "../providers/authorization-codes.ts";
import { readObject, readText } from "../providers/provider-call.ts";
import { type ConnectionRecord, connect, findActive, printConnection } from "./connections.ts";
import { type ProvisioningAnswer, refuseProvisioning } from "./provisioning-answer.ts";
import { callProvider, type ProvisioningCall } from "./provisioning-call.ts";

/** How long a person has on the provider's page. */
const CONSENT_MS = 600_000;

type Step =
  | { readonly status: "requested" | "needs_information" }
  | {
      readonly status: "pending_auth";
      readonly redirectUrl: string;
      /** Sealed state of the consent. */
      readonly sealedState: string;
      readonly until: number;
    }
  | { readonly status: "complete"; readonly connection: string }
  | { readonly status: "error"; readonly code: string };

/** A request to connect a provider. Collection `connection-requests`, by id. */
interface RequestRecord {
  readonly id: string;
  readonly connectedAccount: string;
  readonly provider: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly isInformed: boolean;
  readonly step: Step;
}

/** `POST /provider_connection_requests`: nothing happens yet, as the provider is asked afterwards. */
export function createRequest(call: ProvisioningCall): ProvisioningAnswer {
  const { context, body, connectedAccount } = call;
  const provider = readText(body, "provider");
  if (provider === undefined || readObject(body, "configuration") === undefined)
    return refuseProvisioning(400, "parameter_missing");
  if (callProvider(call, provider) === undefined)
    return refuseProvisioning(400, "unknown_provider");
  return keep(call, {
    ...{ id: `prvcr_1${context.random(8)}`, connectedAccount, provider },
    ...{ createdAt: context.now(), isInformed: false, step: { status: "requested" } },
  });
}

/** `GET /provider_connection_requests/:id`: each look takes the request as far as it gets. */
export function readRequest(call: ProvisioningCall, id: string): ProvisioningAnswer {
  const record = find(call, id);
  if (record === undefined) return refuseProvisioning(404, "not_found");
  return keep(call, { ...record, step: advance(call, record) });
}

/** `POST /provider_connection_requests/:id/submit_information`. */
export function informRequest(call: ProvisioningCall, id: string): ProvisioningAnswer {
  const record = find(call, id);
  if (record === undefined) return refuseProvisioning(404, "not_found");
  if (readObject(call.body, "information") === undefined)
    return refuseProvisioning(400, "parameter_missing");
  if (record.step.status !== "needs_information") return refuseProvisioning(400, "invalid_state");
  return keep(call, { ...record, isInformed: true, step: { status: "requested" } });
}

/** Reads again what a request came to, for a repeated key. */
export function showRequest(call: ProvisioningCall, id: string): ProvisioningAnswer {
  const record = find(call, id);
  return record === undefined
    ? refuseProvisioning(404, "not_found")
    : { status: 200, body: print(call, record) };
}

function advance(call: ProvisioningCall, record: RequestRecord): Step {
  const { context } = call;
  const { provider, step } = record;
  const provided = callProvider(call, provider);
  if (provided === undefined) return { status: "error", code: "unknown_provider" };
  if (step.status === "pending_auth") return awaitConsent(call, provider, step);
  if (step.status !== "requested") return step;
  const { settings } = provided;
  if (context.now() < record.createdAt + settings.connectionMs) return step;
  if (settings.connectionAsks && !record.isInformed) return { status: "needs_information" };
  const active = findActive(call, provider);
  if (active !== undefined) return { status: "complete", connection: active.id };
  return open(call, record);
}

/** Stripe asks the provider in the name of the connected account, which is a person with an e-mail address of its own. */
function open(call: ProvisioningCall, { id, provider }: RequestRecord): Step {
  const { context, connectedAccount, orchestrator } = call;
  const state = context.mintSecret("consent state", "cst_");
  const until = context.now() + CONSENT_MS;
  const provided = callProvider(call, provider, {
    ...{ id, object: "account_request", confirmation_secret: state },
    ...{ email: `${connectedAccount}@connected.example`, name: connectedAccount },
    ...{ scopes: [], client_capabilities: ["browser"] },
    expires_at: new Date(until).toISOString(),
    orchestrator: { type: orchestrator.id, [orchestrator.id]: { account: orchestrator.account } },
  });
  const { body } = provided === undefined ? { body: null } : requestAccount(provided);
  switch (memberAt(body, "type")) {
    case "credentials": {
      const account = textAt(body, ["credentials", "bearer", "account", "id"]) ?? "";
      return finish(call, provider, account, "created");
    }
    case "oauth":
      return exchange(call, provider, textAt(body, ["oauth", "code"]) ?? "", "created");
    case "requires_auth":
      return {
        status: "pending_auth",
        redirectUrl: textAt(body, ["requires_auth", "redirect", "url"]) ?? "",
        sealedState: context.seal(state),
        until,
      };
    default:
      return { status: "error", code: textAt(body, ["error", "code"]) ?? "connection_failed" };
  }
}

/** What the provider's page sent back. */
function awaitConsent(
  call: ProvisioningCall,
  provider: string,
  step: Step & { readonly status: "pending_auth" },
): Step {
  const { context, orchestrator } = call;
  const session = readSession(context, orchestrator.id, context.unseal(step.sealedState));
  if (session.status === "refused") return { status: "error", code: "access_denied" };
  if (session.code !== undefined) return exchange(call, provider, session.code, "linked_existing");
  return context.now() > step.until ? { status: "error", code: "consent_expired" } : step;
}

function exchange(
  call: ProvisioningCall,
  provider: string,
  code: string,
  linkAction: ConnectionRecord["linkAction"],
): Step {
  const orchestrator = call.orchestrator.id;
  const owner = redeemCode(call.context, code, { provider, orchestrator, verifier: null });
  return owner === undefined
    ? { status: "error", code: "connection_failed" }
    : finish(call, provider, owner.accountId, linkAction);
}

function finish(
  call: ProvisioningCall,
  provider: string,
  accountId: string,
  linkAction: ConnectionRecord["linkAction"],
): Step {
  return { status: "complete", connection: connect(call, provider, accountId, linkAction).id };
}

function find(call: ProvisioningCall, id: string): RequestRecord | undefined {
  const record = requestsOf(call).get(id);
  return record?.connectedAccount === call.connectedAccount ? record : undefined;
}

function keep(call: ProvisioningCall, record: RequestRecord): ProvisioningAnswer {
  requestsOf(call).put(record.id, record);
  return { status: 200, body: print(call, record) };
}

function print({ context }: ProvisioningCall, record: RequestRecord): Json {
  const { step } = record;
  const connection =
    step.status === "complete"
      ? context.store.collection<ConnectionRecord>("provider-connections").get(step.connection)
      : undefined;
  return {
    id: record.id,
    object: "v2.provisioning.provider_connection_request",
    created: new Date(record.createdAt).toISOString(),
    ...{ livemode: false, provider: record.provider, scopes: [], request_status: step.status },
    ...(step.status === "pending_auth" ? { redirect_url: step.redirectUrl } : {}),
    ...(step.status === "error" ? { error: { code: step.code, message: step.code } } : {}),
    ...(step.status === "needs_information"
      ? { needs_information_schema: { type: "object", properties: { note: { type: "string" } } } }
      : {}),
    ...(connection === undefined
      ? {}
      : { provider_connection: printConnection(context, connection) }),
  };
}

function requestsOf({ context }: ProvisioningCall) {
  return context.store.collection<RequestRecord>("connection-requests");
}
