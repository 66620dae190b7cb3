import type { Json } from "../../util/canonical-json.ts";
import { memberAt, textAt } from "../../util/json-access.ts";
import { sha256 } from "../../util/sha256.ts";
import type { BearerRecord } from "../context.ts";
import { mintCredentials, recheckCredentials } from "../providers/bearer-credentials.ts";
import { readResource, removeResource, rotateResource } from "../providers/manage-resource.ts";
import type { ProviderAnswer } from "../providers/provider-answer.ts";
import { type AccountCall, readObject, readText } from "../providers/provider-call.ts";
import { createResource } from "../providers/provision-resource.ts";
import { findActive } from "./connections.ts";
import { type ProvisioningAnswer, refuseProvisioning } from "./provisioning-answer.ts";
import { callAccount, type ProvisioningCall } from "./provisioning-call.ts";

/** What was made at a provider. Collection `provisioning-resources`, by id. */
interface ProvisioningResource {
  readonly id: string;
  readonly connectedAccount: string;
  readonly provider: string;
  readonly accountId: string;
  readonly service: string;
  readonly name: string;
  readonly environment: string;
  readonly createdAt: string;
  /** The provider's own id of it. */
  readonly providerId: string;
  /** Forgotten by Stripe; it stays at the provider. */
  readonly isUnlinked: boolean;
  /** Of a plan: sealed JSON of the credentials for the provider's own API. */
  readonly sealedCredentials: string | null;
}

/** `POST /resources`: made at the provider, in the account that is connected there, and paid with the payment profile. */
export function makeResource(call: ProvisioningCall): ProvisioningAnswer {
  const { context, body, connectedAccount } = call;
  const provider = readText(body, "provider");
  const service = readText(body, "service_ref");
  const configuration = readObject(body, "configuration");
  if (provider === undefined || service === undefined || configuration === undefined)
    return refuseProvisioning(400, "parameter_missing");
  const connection = findActive(call, provider);
  if (connection === undefined) return refuseProvisioning(400, "provider_not_connected");
  const { accountId } = connection;
  const id = `prvrs_1${context.random(8)}`;
  const environment = readText(body, "environment") ?? "prod";
  const account = callAccount(call, provider, accountId, {
    ...{ orchestrator_resource_id: id, service_id: service, configuration, environment },
  });
  if (account === undefined) return refuseProvisioning(400, "provider_not_connected");
  const made = createResource(account);
  const providerId = textAt(made.body, ["id"]);
  if (made.status !== 200 || providerId === undefined) return passOn(made);
  const resource: ProvisioningResource = {
    ...{ id, connectedAccount, provider, accountId, service, environment, providerId },
    name: readText(body, "name") ?? id,
    createdAt: new Date(context.now()).toISOString(),
    isUnlinked: false,
    sealedCredentials: null,
  };
  resourcesOf(call).put(id, resource);
  return print(resource, made);
}

/** What is below `/resources/:id`; undefined for a verb that does not exist. */
export function handleResource(
  call: ProvisioningCall,
  id: string,
  verb: string | undefined,
): ProvisioningAnswer | undefined {
  const resource = resourcesOf(call).get(id);
  if (resource?.connectedAccount !== call.connectedAccount || resource.isUnlinked)
    return refuseProvisioning(404, "not_found");
  const account = callAccount(call, resource.provider, resource.accountId);
  if (account === undefined) return refuseProvisioning(400, "provider_not_connected");
  const { providerId } = resource;
  switch (verb) {
    case undefined:
      return print(resource, readResource(account, providerId));
    case "remove":
      endCredentials(account, resource);
      return print(resource, removeResource(account, providerId));
    case "unlink":
      resourcesOf(call).put(id, { ...resource, isUnlinked: true });
      return print(resource, readResource(account, providerId));
    case "rotate_credentials":
      if (account.services.get(resource.service)?.kind !== "plan")
        return print(resource, rotateResource(account, providerId));
      endCredentials(account, resource);
      return print(resource, readResource(account, providerId));
    case "reveal_access_configuration":
      return reveal(call, account, resource);
    default:
      return undefined;
  }
}

/** A plan reveals the account and a credential for the provider's own API, which is made anew once the earlier one is dead; all else what the provider tells. */
function reveal(
  call: ProvisioningCall,
  account: AccountCall,
  resource: ProvisioningResource,
): ProvisioningAnswer {
  const { context } = call;
  const seen = readResource(account, resource.providerId);
  if (memberAt(seen.body, "status") !== "complete") return refuseProvisioning(400, "invalid_state");
  const shown = (configuration: Json, end: object = {}): ProvisioningAnswer => ({
    status: 200,
    body: {
      object: "v2.provisioning.resource_access_configuration",
      ...{ configuration, created: resource.createdAt, livemode: false, resource: resource.id },
      ...end,
    },
  });
  if (account.services.get(resource.service)?.kind !== "plan")
    return shown((memberAt(seen.body, "complete", "access_configuration") ?? {}) as Json);
  const { provider, accountId } = resource;
  if (findActive(call, provider)?.accountId !== accountId)
    return refuseProvisioning(400, "provider_not_connected");
  const owner = { provider, accountId, orchestrator: call.orchestrator.id };
  const before =
    resource.sealedCredentials === null
      ? undefined
      : JSON.parse(context.unseal(resource.sealedCredentials));
  const credentials =
    (before && recheckCredentials(context, before)) ??
    mintCredentials(context, owner, account.settings.bearerSeconds);
  const sealedCredentials = context.seal(JSON.stringify(credentials));
  resourcesOf(call).put(resource.id, { ...resource, sealedCredentials });
  const expires_at = new Date(context.now() + credentials.expiresIn * 1000).toISOString();
  return shown({ ACCOUNT_ID: accountId, API_TOKEN: credentials.accessToken }, { expires_at });
}

function endCredentials({ context }: AccountCall, { sealedCredentials }: ProvisioningResource) {
  if (sealedCredentials === null) return;
  const { accessToken } = JSON.parse(context.unseal(sealedCredentials)) as { accessToken: string };
  const bearers = context.store.collection<BearerRecord>("bearers");
  const bearer = bearers.get(sha256(accessToken));
  if (bearer !== undefined) bearers.put(bearer.tokenHash, { ...bearer, revoked: true });
}

/** Stripe has no word for a removal under way. */
function print(resource: ProvisioningResource, seen: ProviderAnswer): ProvisioningAnswer {
  if (seen.status !== 200) return passOn(seen);
  const status = textAt(seen.body, ["status"]) ?? "errored";
  const schema = memberAt(seen.body, "needs_information", "schema") as Json | undefined;
  const { id, createdAt, environment, name, provider, service } = resource;
  return {
    status: 200,
    body: {
      ...{ id, object: "v2.provisioning.resource", created: createdAt, environment, name },
      ...{ livemode: false, provider, service_ref: service },
      status: status === "pending_removal" ? "pending" : status,
      ...(schema === undefined ? {} : { needs_information_schema: schema }),
    },
  };
}

/** The provider's no, in Stripe's form. */
function passOn({ status, body }: ProviderAnswer): ProvisioningAnswer {
  return refuseProvisioning(
    status,
    textAt(body, ["error", "code"]) ?? "provider_error",
    textAt(body, ["error", "message"]),
  );
}

function resourcesOf({ context }: ProvisioningCall) {
  return context.store.collection<ProvisioningResource>("provisioning-resources");
}
