import type { Json } from "../../util/canonical-json.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { presentPayment } from "./present-payment.ts";
import { buildStatusError, type ProviderAnswer } from "./provider-answer.ts";
import { type AccountCall, readObject, readText } from "./provider-call.ts";
import {
  grantAccess,
  listAccountResources,
  putResource,
  settlePayment,
} from "./provision-resource.ts";
import {
  isLive,
  printResource,
  type ResourceRecord,
  readResourceStatus,
} from "./resource-record.ts";

/** `GET /provisioning/resources/:id`; another account's resource is not found. */
export function readResource(call: AccountCall, id: string): ProviderAnswer {
  const resource = findResource(call, id);
  return resource === undefined ? notFound(id) : printResource(call.context, resource);
}

/** `POST /provisioning/resources/:id/update_service`: another service, another configuration, other payment credentials, each optional. */
export function updateResource(call: AccountCall, id: string): ProviderAnswer {
  const resource = findResource(call, id);
  if (resource === undefined) return notFound(id);
  if (!isLive(resource)) return buildStatusError(400, "invalid_state", id);
  const serviceId = readText(call.body, "service_id") ?? resource.serviceId;
  const service = call.services.get(serviceId);
  if (service === undefined) return buildStatusError(400, "unknown_service", id);
  const current = call.services.get(resource.serviceId);
  const isAllowed =
    serviceId === resource.serviceId ||
    current?.allowedUpdates.some((update) => update.service === serviceId) === true;
  if (!isAllowed) return buildStatusError(400, "invalid_request", id, "service_id");
  const configuration = {
    ...resource.configuration,
    ...readObject(call.body, "configuration"),
  } as Readonly<Record<string, Json>>;
  const check = checkConfiguration(service.configurationSchema, configuration);
  const problem = check.wrong[0] ?? check.missing[0];
  if (problem !== undefined)
    return buildStatusError(400, "invalid_request", id, `configuration.${problem}`);
  const next: ResourceRecord = { ...resource, serviceId, kind: service.kind, configuration };
  if (serviceId === resource.serviceId) {
    if (presentPayment(call) === "refused")
      return buildStatusError(400, "billing_activation_failed", id);
  } else {
    const refusal = settlePayment(call, service, next);
    if (refusal !== undefined) return refusal;
  }
  putResource(call, next);
  return printResource(call.context, next);
}

/** `POST /provisioning/resources/:id/rotate_credentials`: new credentials, the old ones dead. */
export function rotateResource(call: AccountCall, id: string): ProviderAnswer {
  const resource = findResource(call, id);
  if (resource === undefined) return notFound(id);
  if (readResourceStatus(resource, call.context.now()) !== "complete")
    return buildStatusError(400, "invalid_state", id);
  const service = call.services.get(resource.serviceId);
  if (service === undefined || resource.sealedAccess === null)
    return buildStatusError(400, "credential_rotation_failed", id);
  const next = grantAccess(call, service, resource);
  putResource(call, next);
  return printResource(call.context, next);
}

/** `POST /provisioning/resources/:id/remove`: `pending_removal`, or `removed` when the provider is set so or it was removed before. */
export function removeResource(call: AccountCall, id: string): ProviderAnswer {
  const resource = findResource(call, id);
  if (resource === undefined) return notFound(id);
  const { context, settings } = call;
  const isImmediate = settings.removal === "immediate" || resource.state === "needs_information";
  if (resource.state === "removing") return printResource(context, resource);
  const removedAt = context.now() + (isImmediate ? 0 : settings.removalMs);
  const next: ResourceRecord = { ...resource, state: "removing", removedAt, sealedAccess: null };
  putResource(call, next);
  if (isImmediate) return printResource(context, next);
  return { status: 200, body: { status: "pending_removal", id } };
}

/** `POST /provisioning/resources/link`: takes over a resource that the account has; asks for its id first. */
export function linkResource(call: AccountCall): ProviderAnswer {
  const ownId = readText(call.body, "orchestrator_resource_id");
  const serviceId = readText(call.body, "service_id");
  if (serviceId === undefined) return buildStatusError(400, "missing_service_id", ownId ?? "");
  if (ownId === undefined)
    return buildStatusError(400, "invalid_request", "", "orchestrator_resource_id");
  const information = readObject(call.body, "submitted_information") ?? {};
  const id = readText(information, "resource_id");
  if (id === undefined) {
    const properties = { resource_id: { type: "string" } };
    const schema = { type: "object", properties, required: ["resource_id"] };
    const body = { status: "needs_information", id: ownId, needs_information: { schema } };
    return { status: 200, body };
  }
  const resource = findResource(call, id);
  if (resource === undefined || !isLive(resource) || resource.serviceId !== serviceId)
    return notFound(id);
  const next = { ...resource, orchestratorResourceId: ownId };
  putResource(call, next);
  return printResource(call.context, next);
}

function findResource(call: AccountCall, id: string): ResourceRecord | undefined {
  return listAccountResources(call).find((resource) => resource.id === id);
}

function notFound(id: string): ProviderAnswer {
  return buildStatusError(404, "not_found", id);
}
