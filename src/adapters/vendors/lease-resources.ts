import type { Model, ServiceNode } from "../../compiler/2-model/model.ts";
import { formatMoney, type Money } from "../../util/money.ts";
import type { LoweredReference, LoweredResource } from "./contract.ts";

/** What a provider has for all resources there is called; part of every such lease's name. */
export function leaseName(
  provider: string,
  part: "account" | "payment-token" | "access-token" | "plan",
): string {
  return `${provider.replace(/[^a-z0-9-]/g, "-")}.${part}`;
}

/** The provider's own id of the account. */
export function accountId(provider: string): LoweredReference {
  return { kind: "reference", resource: leaseName(provider, "account"), attribute: "account_id" };
}

/** The broker's lease of the payment token. */
export function paymentTokenId(provider: string): LoweredReference {
  const resource = leaseName(provider, "payment-token");
  return { kind: "reference", resource, attribute: "payment_token_id" };
}

/** The account at a provider that everything of this stack there belongs to. */
export function lowerAccount(model: Model, provider: string): LoweredResource {
  return {
    name: leaseName(provider, "account"),
    origin: undefined,
    type: "supercargo_account",
    args: {
      provider,
      orchestrators: model.orchestrators,
      principal: model.principal.email,
      agent: model.agent.id,
    },
  };
}

/** Means to pay at a provider, capped at the lower of what one provider and all together may cost in a month. */
export function lowerPaymentToken(model: Model, provider: string): LoweredResource {
  return {
    name: leaseName(provider, "payment-token"),
    origin: undefined,
    type: "supercargo_payment_token",
    args: {
      provider,
      account: accountId(provider),
      issuers: model.issuers,
      cap: formatMoney(lower(model.limits.perProvider, model.limits.total)),
    },
  };
}

/** A service of the catalogue; its output `credentials` is a map whose keys the provider chooses when it is created. */
export function lowerServiceInstance(
  node: Pick<ServiceNode, "name" | "service" | "config">,
): LoweredResource {
  const provider = serviceProvider(node);
  return {
    name: node.name,
    origin: node.name,
    type: "supercargo_service_instance",
    args: {
      provider,
      account: accountId(provider),
      payment_token: paymentTokenId(provider),
      service: node.service,
      config: { kind: "map", entries: node.config },
    },
  };
}

/** The provider in `provider/service_id`. */
export function serviceProvider(node: Pick<ServiceNode, "service">): string {
  return node.service.slice(0, node.service.indexOf("/"));
}

function lower(left: Money, right: Money): Money {
  return right.currency === left.currency && right.minor < left.minor ? right : left;
}
