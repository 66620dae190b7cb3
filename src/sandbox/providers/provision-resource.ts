import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import { buildAccess } from "./build-access.ts";
import { checkConfiguration, pickMissing } from "./check-configuration.ts";
import { choosePrice, readFirstCharge } from "./choose-price.ts";
import { canPay, presentPayment } from "./present-payment.ts";
import { buildStatusError, type ProviderAnswer } from "./provider-answer.ts";
import { type AccountCall, readObject, readText } from "./provider-call.ts";
import type { ProviderService } from "./provider-service.ts";
import { isLive, printResource, type ResourceRecord } from "./resource-record.ts";

/**
 * `POST /provisioning/resources`. The orchestrator's own id of the resource is a natural key: the same id with the same service and configuration answers with the
 * resource that exists, credentials included; with others it is `idempotency_conflict`.
 */
export function createResource(call: AccountCall): ProviderAnswer {
  const { context, body, provider } = call;
  const ownId = readText(body, "orchestrator_resource_id");
  const serviceId = readText(body, "service_id");
  if (serviceId === undefined) return buildStatusError(400, "missing_service_id", ownId ?? "");
  if (ownId === undefined)
    return buildStatusError(400, "invalid_request", "", "orchestrator_resource_id");
  const service = call.services.get(serviceId);
  if (service === undefined) return buildStatusError(400, "unknown_service", ownId);
  const configuration = {
    ...readObject(body, "configuration"),
    ...readObject(body, "submitted_information"),
  } as Readonly<Record<string, Json>>;

  const own = listAccountResources(call);
  const before = own.find((resource) => resource.orchestratorResourceId === ownId);
  if (before !== undefined && before.state !== "needs_information") {
    const isSame =
      before.serviceId === serviceId &&
      canonicalJson(before.configuration) === canonicalJson(configuration);
    return isSame
      ? printResource(context, before)
      : buildStatusError(409, "idempotency_conflict", ownId);
  }
  const check = checkConfiguration(service.configurationSchema, configuration);
  const wrong = check.wrong[0];
  if (wrong !== undefined)
    return buildStatusError(400, "invalid_request", ownId, `configuration.${wrong}`);
  const id = before?.id ?? `res_${context.random(12)}`;
  const draft: ResourceRecord = {
    id,
    provider,
    accountId: call.account.accountId,
    serviceId,
    kind: service.kind,
    configuration,
    orchestratorResourceId: ownId,
    environment: readText(body, "environment") ?? "prod",
    createdAt: new Date(context.now()).toISOString(),
    state: "needs_information",
    readyAt: context.now() + call.settings.provisionMs,
    removedAt: null,
    generation: 0,
    sealedAccess: null,
  };
  if (check.missing.length > 0) {
    putResource(call, draft);
    const schema = pickMissing(service.configurationSchema, check.missing);
    return {
      status: 200,
      body: { status: "needs_information", id, needs_information: { schema } },
    };
  }
  const conflict = findConflict(service, own);
  if (conflict !== undefined) return buildStatusError(400, "invalid_state", ownId, conflict);
  const refusal = settlePayment(call, service, draft);
  if (refusal !== undefined) return refusal;
  const resource = { ...grantAccess(call, service, draft), state: "provisioned" as const };
  putResource(call, resource);
  return printResource(context, resource);
}

/** Takes the payment credentials, finds the price, and charges a fixed one; an answer is a refusal, and then nothing was charged. */
export function settlePayment(
  call: AccountCall,
  service: ProviderService,
  resource: ResourceRecord,
): ProviderAnswer | undefined {
  const ownId = resource.orchestratorResourceId;
  const plans = new Set(
    listAccountResources(call)
      .filter((one) => one.kind === "plan" && isLive(one))
      .map((one) => one.serviceId),
  );
  const price = choosePrice(service, resource.configuration, plans);
  if (price.kind === "plan-required")
    return buildStatusError(400, "plan_required", ownId, price.plans.join(", "));
  const account = presentPayment(call);
  if (account === "refused") return buildStatusError(400, "billing_activation_failed", ownId);
  if (price.kind === "free") return undefined;
  if (!canPay(call, account)) return buildStatusError(400, "requires_payment_credentials", ownId);
  const amount = readFirstCharge(price.text);
  if (amount === undefined) return undefined;
  const outcome = call.context.charge({
    provider: call.provider,
    accountId: account.accountId,
    amount,
    description: `${call.provider}/${service.id}`,
    key: `${resource.id}/${service.id}`,
  });
  return outcome.ok ? undefined : buildStatusError(400, "billing_activation_failed", ownId);
}

/** The resource with new credentials; a plan has none. */
export function grantAccess(
  call: AccountCall,
  service: ProviderService,
  resource: ResourceRecord,
): ResourceRecord {
  if (service.kind === "plan") return resource;
  const access = buildAccess(call.context, service, resource.id);
  const sealedAccess = call.context.seal(JSON.stringify(access));
  return { ...resource, generation: resource.generation + 1, sealedAccess };
}

/** The account's resources at this provider, removed ones included, oldest first. */
export function listAccountResources(call: AccountCall): readonly ResourceRecord[] {
  return call.context.store
    .collection<ResourceRecord>("resources")
    .list()
    .filter((one) => one.provider === call.provider && one.accountId === call.account.accountId);
}

/** Stores it. */
export function putResource(call: AccountCall, resource: ResourceRecord): void {
  call.context.store
    .collection<ResourceRecord>("resources")
    .put(`${call.provider}/${resource.id}`, resource);
}

function findConflict(
  service: ProviderService,
  own: readonly ResourceRecord[],
): string | undefined {
  const live = own.filter(isLive);
  const same = live.filter((one) => one.serviceId === service.id).length;
  if (service.atMost !== null && same >= service.atMost) return `at most ${service.atMost}`;
  if (!service.isExclusive) return undefined;
  return live.find((one) => service.allowedUpdates.some(({ service: id }) => id === one.serviceId))
    ?.serviceId;
}
