import { formatMoney } from "../util/money.ts";
import type { CallCount } from "./call-counts.ts";
import type {
  AccessTokenEntry,
  AccountRecord,
  BearerRecord,
  DomainEntry,
  SandboxContext,
  Surface,
  SurfaceBooks,
} from "./context.ts";
import type { ChargeRecord } from "./issuer/capture-payment.ts";
import { convertMoney } from "./issuer/convert-money.ts";
import {
  type CredentialIssuer,
  type CredentialRecord,
  credentialsOf,
} from "./issuer/credential.ts";
import { listPaymentTokens, type PaymentToken, sumCaptures } from "./issuer/payment-token.ts";
import { type ResourceRecord, readResourceStatus } from "./providers/resource-record.ts";

/** A payment token in the books. Money as text. */
export interface PaymentTokenEntry {
  readonly issuer: "stripe" | CredentialIssuer;
  readonly id: string;
  /** Shared payment tokens have Stripe's; of all others `active` means that it could be charged. */
  readonly status: PaymentToken["status"];
  readonly deactivatedReason: string | null;
  /** Empty where the issuer binds it to nobody, or in words of its own. */
  readonly sellerProfile: string;
  /** Empty without one. */
  readonly maxAmount: string;
  /** Captured over its whole life. */
  readonly captured: string;
  readonly interval: PaymentToken["interval"];
  /** RFC 3339; null for one that never expires. */
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly sharedMetadata: PaymentToken["sharedMetadata"];
}

/** A provisioned service in the books. */
export interface ServiceInstanceEntry {
  readonly provider: string;
  readonly accountId: string;
  readonly id: string;
  readonly service: string;
  readonly kind: ResourceRecord["kind"];
  readonly status: ReturnType<typeof readResourceStatus>;
  readonly configuration: ResourceRecord["configuration"];
  readonly orchestratorResourceId: string;
  readonly createdAt: string;
  /** How many credentials it has had. */
  readonly generation: number;
}

/** `GET /sandbox/books`: everything that exists at the sandbox's vendors, from their own records, oldest first. Nothing is ever taken out. */
export interface Books {
  readonly accounts: readonly AccountRecord[];
  readonly paymentTokens: readonly PaymentTokenEntry[];
  readonly accessTokens: readonly AccessTokenEntry[];
  readonly domains: readonly DomainEntry[];
  readonly charges: readonly ChargeRecord[];
  readonly serviceInstances: readonly ServiceInstanceEntry[];
  readonly inventory: NonNullable<SurfaceBooks["inventory"]>;
  readonly calls: readonly CallCount[];
}

/** Opens the books by the sandbox's clock. */
export function openBooks(
  context: Pick<SandboxContext, "store" | "now">,
  input: { readonly calls: readonly CallCount[]; readonly surfaces: readonly Surface[] },
): Books {
  const { store } = context;
  const parts = input.surfaces.map((surface) => surface.books?.() ?? {});
  const bearers = store.collection<BearerRecord>("bearers").list();
  return {
    accounts: store.collection<AccountRecord>("accounts").list(),
    paymentTokens: [
      ...listPaymentTokens(context).map(describeToken),
      // What is billed by invoice has no token, nor has what Stripe pays for its connected accounts.
      ...credentialsOf(context)
        .list()
        .filter(({ issuer }) => issuer !== "invoice" && issuer !== "stripe-provisioning")
        .map(describeCredential),
    ],
    accessTokens: [
      ...bearers.map((bearer) => describeBearer(bearer, context.now())),
      ...parts.flatMap((part) => part.accessTokens ?? []),
    ],
    domains: parts.flatMap((part) => part.domains ?? []),
    charges: store.collection<ChargeRecord>("charges").list(),
    serviceInstances: store
      .collection<ResourceRecord>("resources")
      .list()
      .map((resource) => describeResource(resource, context.now())),
    inventory: parts.flatMap((part) => part.inventory ?? []),
    calls: input.calls,
  };
}

function describeToken(token: PaymentToken): PaymentTokenEntry {
  const { currency } = token;
  return {
    issuer: "stripe",
    id: token.id,
    status: token.status,
    deactivatedReason: token.deactivatedReason,
    sellerProfile: token.sellerProfile,
    maxAmount: formatMoney({ currency, minor: BigInt(token.maxAmount) }),
    captured: formatMoney({ currency, minor: sumCaptures(token) }),
    interval: token.interval,
    expiresAt: token.expiresAt === null ? null : new Date(token.expiresAt * 1000).toISOString(),
    createdAt: new Date(token.createdAt).toISOString(),
    sharedMetadata: token.sharedMetadata,
  };
}

function describeCredential(credential: CredentialRecord): PaymentTokenEntry {
  const { id, issuer, status, currency, createdAt } = credential;
  const unit = currency ?? "USD";
  const minor = credential.captures.reduce((sum, one) => {
    const taken = { currency: one.currency, minor: BigInt(one.amount) };
    return sum + (convertMoney(taken, unit)?.minor ?? 0n);
  }, 0n);
  return {
    issuer,
    id,
    status: status === "active" ? "active" : "deactivated",
    deactivatedReason: status === "active" ? null : status,
    sellerProfile: "",
    maxAmount: "",
    captured: formatMoney({ currency: unit, minor }),
    interval: null,
    expiresAt: null,
    createdAt: new Date(createdAt).toISOString(),
    sharedMetadata: {},
  };
}

function describeBearer(bearer: BearerRecord, now: number): AccessTokenEntry {
  const isExpired = Date.parse(bearer.expiresAt) <= now;
  return {
    provider: bearer.provider,
    accountId: bearer.accountId,
    tokenId: bearer.tokenHash.slice(0, 16),
    kind: "bearer",
    status: bearer.revoked ? "revoked" : isExpired ? "expired" : "active",
    expiresAt: bearer.expiresAt,
    valueHash: bearer.tokenHash,
    permissions: [],
  };
}

function describeResource(resource: ResourceRecord, now: number): ServiceInstanceEntry {
  return {
    provider: resource.provider,
    accountId: resource.accountId,
    id: resource.id,
    service: resource.serviceId,
    kind: resource.kind,
    status: readResourceStatus(resource, now),
    configuration: resource.configuration,
    orchestratorResourceId: resource.orchestratorResourceId,
    createdAt: resource.createdAt,
    generation: resource.generation,
  };
}
