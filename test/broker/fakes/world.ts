import type {
  IssueAnswer,
  Issuer,
  PaymentTokenState,
} from "../../../src/adapters/issuers/contract.ts";
import type {
  AccountAnswer,
  Orchestrator,
  ResourceAnswer,
} from "../../../src/adapters/orchestrators/contract.ts";
import type {
  DomainAnswer,
  QuoteAnswer,
  TokenAnswer,
  VendorClient,
} from "../../../src/adapters/vendors/contract.ts";
import type { Money } from "../../../src/util/money.ts";
import { Secret } from "../../../src/util/secret.ts";

/** What a call can meet: `lost` is done and the answer lost, `dropped` never arrives, `refused` is a definite no, with a code of its own if wanted; `pending` is begun. */
export type Fate = "lost" | "dropped" | "refused" | `refused ${string}` | "unreachable" | "pending";

export interface WorldAccount {
  readonly id: string;
  readonly email: string;
  readonly requestId: string;
  paymentToken: string | undefined;
}
export interface WorldPaymentToken {
  readonly id: string;
  readonly key: string;
  readonly cap: bigint;
  readonly expiresAt: string;
  captured: bigint;
  status: "active" | "revoked";
}
export interface WorldAccessToken {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly groups: readonly string[];
  expiresAt: string;
  status: "active" | "disabled" | "expired";
  gone: boolean;
}
export interface WorldDomain {
  readonly name: string;
  readonly price: bigint;
  autoRenew: boolean;
  /** Looks until it is registered. */
  looks: number;
  state: "ok" | "action" | "failed";
}
export interface WorldResource {
  readonly id: string;
  readonly ownId: string;
  readonly owner: string;
  readonly service: string;
  state: "complete" | "removed";
  rotations: number;
}

/** The outside world: one provider with its orchestrator, issuer and vendor API, stateful and counting. Lives on while brokers crash. */
export interface World {
  readonly accounts: WorldAccount[];
  readonly paymentTokens: WorldPaymentToken[];
  readonly accessTokens: WorldAccessToken[];
  readonly domains: WorldDomain[];
  readonly resources: WorldResource[];
  /** Calls by method. */
  readonly calls: Map<string, number>;
  /** Fates of the next calls, by method; none is success. */
  readonly fates: Map<string, (Fate | undefined)[]>;
  /** Called at the start of every call. */
  onCall: (method: string) => void;
  price: bigint;
  renewal: bigint;
  /** Added to the quote when charging. */
  surcharge: bigint;
  pendingLooks: number;
  domainEnd: WorldDomain["state"];
  consent: boolean;
  /** The provider can replace a resource's credentials. */
  rotates: boolean;
  credentialLife: number;
  currency: string;
  readonly orchestrator: Orchestrator;
  readonly issuer: Issuer;
  readonly vendor: VendorClient;
}

interface Options {
  readonly now: () => number;
  readonly orchestrator?: string | undefined;
  readonly issuer?: string | undefined;
  /** Another orchestrator at the same provider: its accounts, and tokens good for them, are this world's, too. */
  readonly besides?: World | undefined;
}

export function createWorld({
  now,
  orchestrator = "stripe",
  issuer = "stripe",
  besides,
}: Options): World {
  let serial = 0;
  const nextId = (prefix: string): string => {
    serial += 1;
    return besides === undefined ? `${prefix}_${serial}` : `${prefix}_${orchestrator}_${serial}`;
  };
  const world: Omit<World, "orchestrator" | "issuer" | "vendor"> = {
    accounts: besides?.accounts ?? [],
    paymentTokens: [],
    accessTokens: [],
    domains: [],
    resources: [],
    calls: new Map(),
    fates: new Map(),
    onCall: () => undefined,
    price: 1044n,
    renewal: 1044n,
    surcharge: 0n,
    pendingLooks: 0,
    domainEnd: "ok",
    consent: false,
    rotates: false,
    credentialLife: 3_600_000,
    currency: "USD",
  };
  const bearers = new Map<string, string>();
  const refreshTokens = new Map<string, string>();

  /** Counts the call, lets its fate strike, and tells whether the work is to be done and the answer to be given. */
  async function meet<A>(
    method: string,
    work: () => A,
  ): Promise<A | { kind: "unknown" | "refused"; code: string }> {
    world.calls.set(method, (world.calls.get(method) ?? 0) + 1);
    world.onCall(method);
    await Promise.resolve();
    const fate = world.fates.get(method)?.shift();
    if (fate === "dropped") return { kind: "unknown", code: "timeout" };
    if (fate === "refused") return { kind: "refused", code: "declined" };
    if (fate?.startsWith("refused ")) return { kind: "refused", code: fate.slice(8) };
    if (fate === "unreachable") return { kind: "refused", code: "unreachable" };
    const answer = work();
    if (fate === "pending") return { kind: "pending", slow: true } as A;
    return fate === "lost" ? { kind: "unknown", code: "timeout" } : answer;
  }

  function connect(account: WorldAccount): AccountAnswer {
    const accessToken = nextId("bearer");
    const refreshToken = nextId("refresh");
    bearers.set(accessToken, account.id);
    refreshTokens.set(refreshToken, account.id);
    return {
      kind: "connected",
      credentials: {
        accountId: account.id,
        accessToken: new Secret(accessToken),
        refreshToken: new Secret(refreshToken),
        expiresAt: new Date(now() + world.credentialLife).toISOString(),
      },
    };
  }

  function accountOf(token: Secret): WorldAccount | undefined {
    const id = bearers.get(token.reveal());
    return world.accounts.find((account) => account.id === id);
  }

  function charge(account: WorldAccount | undefined, amount: bigint): boolean {
    const token = world.paymentTokens.find(({ id }) => id === account?.paymentToken);
    if (token === undefined || token.status !== "active") return false;
    if (token.captured + amount > token.cap) return false;
    token.captured += amount;
    return true;
  }

  const app: Orchestrator = {
    id: orchestrator,
    isHealthy: async () => {
      const answer = await meet("isHealthy", () => ({ kind: "healthy" as const }));
      return answer.kind === "healthy";
    },
    capabilities: {
      links: true,
      provisions: true,
      lists: false,
      rotates: true,
      removes: true,
      endsSessions: true,
      needsClaim: false,
      payment: "token",
      ownership: "principal",
    },
    endSession: ({ accessToken }) =>
      meet<{ kind: "ended" }>("endSession", () => {
        bearers.delete(accessToken.reveal());
        return { kind: "ended" };
      }).then((answer) =>
        answer.kind === "ended" ? answer : { kind: "unknown", code: "timeout" },
      ),
    requestAccount: ({ requestId, email, mode }) =>
      meet<AccountAnswer>(mode === "link" ? "linkAccount" : "requestAccount", () => {
        if (mode === "link") {
          const own = world.accounts.find((account) => account.email === email);
          return own === undefined ? { kind: "refused", code: "account_not_found" } : connect(own);
        }
        const known = world.accounts.find((account) => account.requestId === requestId);
        if (known !== undefined) return connect(known);
        if (world.consent || world.accounts.some((account) => account.email === email))
          return {
            kind: "consent",
            url: "https://provider.example/consent?state=abc",
            expiresAt: new Date(now() + 600_000).toISOString(),
          };
        const account = { id: nextId("acct"), email, requestId, paymentToken: undefined };
        world.accounts.push(account);
        return connect(account);
      }),
    refresh: (refreshToken) =>
      meet<AccountAnswer>("refresh", () => {
        const id = refreshTokens.get(refreshToken.reveal());
        refreshTokens.delete(refreshToken.reveal());
        const account = world.accounts.find((one) => one.id === id);
        return account === undefined
          ? { kind: "refused", code: "invalid_grant" }
          : connect(account);
      }),
    createResource: ({ accessToken, resourceId, service, paymentToken }) =>
      meet<ResourceAnswer>("createResource", () => {
        const account = accountOf(accessToken);
        if (account === undefined) return { kind: "refused", code: "unauthorized" };
        const known = world.resources.find((one) => one.ownId === resourceId);
        if (known !== undefined) return show(known);
        const isPlan = service === "workers:free";
        if (
          isPlan &&
          world.resources.some((one) => one.service === service && one.owner === account.id)
        )
          return { kind: "refused", code: "invalid_state" };
        if (paymentToken !== undefined) account.paymentToken = paymentToken.reveal();
        const resource: WorldResource = {
          id: nextId("res"),
          ownId: resourceId,
          owner: account.id,
          service,
          state: "complete",
          rotations: 0,
        };
        world.resources.push(resource);
        return show(resource);
      }),
    presentPayment: ({ accessToken, id, paymentToken }) =>
      meet<ResourceAnswer>("presentPayment", () => {
        const account = accountOf(accessToken);
        const resource = world.resources.find((one) => one.id === id);
        if (account === undefined || resource === undefined) return { kind: "absent" };
        account.paymentToken = paymentToken.reveal();
        return show(resource);
      }),
    readResource: ({ id }) =>
      meet<ResourceAnswer>("readResource", () => {
        const resource = world.resources.find((one) => one.id === id);
        return resource === undefined ? { kind: "absent" } : show(resource);
      }),
    rotateResource: ({ id }) =>
      meet<ResourceAnswer>("rotateResource", () => {
        const resource = world.resources.find((one) => one.id === id);
        if (resource === undefined) return { kind: "absent" };
        if (!world.rotates) return { kind: "refused", code: "credential_rotation_failed" };
        resource.rotations += 1;
        return show(resource);
      }),
    removeResource: ({ id }) =>
      meet<ResourceAnswer>("removeResource", () => {
        const resource = world.resources.find((one) => one.id === id);
        if (resource === undefined) return { kind: "absent" };
        resource.state = "removed";
        return show(resource);
      }),
  };

  const payments: Issuer = {
    id: issuer,
    capabilities: {
      amountCap: true,
      resets: false,
      payee: "one",
      currency: true,
      expiry: true,
      revocation: true,
      singleUse: false,
      webhook: false,
    },
    issue: ({ key, cap, expiresAt }) =>
      meet<IssueAnswer>("issue", () => {
        const known = world.paymentTokens.find((one) => one.key === key);
        const token: WorldPaymentToken = known ?? {
          id: nextId("spt"),
          key,
          cap: cap.minor,
          expiresAt,
          captured: 0n,
          status: "active",
        };
        if (known === undefined) world.paymentTokens.push(token);
        return {
          kind: "issued",
          token: new Secret(token.id),
          reference: `reference-${world.paymentTokens.indexOf(token)}`,
          expiresAt,
        };
      }),
    read: (token) => meet<PaymentTokenState>("readPayment", () => showToken(token)).then(unrefuse),
    revoke: (secret) =>
      meet<PaymentTokenState>("revokePayment", () => {
        const token = world.paymentTokens.find((one) => one.id === secret.reveal());
        if (token !== undefined) token.status = "revoked";
        return showToken(secret);
      }).then(unrefuse),
  };

  function showToken(secret: Secret): PaymentTokenState {
    const token = world.paymentTokens.find((one) => one.id === secret.reveal());
    if (token === undefined) return { kind: "absent" };
    const captured: Money = { currency: world.currency, minor: token.captured };
    return token.status === "active"
      ? { kind: "active", captured, expiresAt: token.expiresAt }
      : { kind: "deactivated", reason: "revoked", captured };
  }

  const tokenBy = (test: (token: WorldAccessToken) => boolean): TokenAnswer => {
    const token = world.accessTokens.find((one) => !one.gone && test(one));
    if (token === undefined) return { kind: "absent" };
    const isExpired = token.status === "active" && Date.parse(token.expiresAt) <= now();
    const status = isExpired ? "expired" : token.status;
    return { kind: "found", tokenId: token.id, status, expiresAt: token.expiresAt };
  };

  const readDomain = (name: string): DomainAnswer => {
    const domain = world.domains.find((one) => one.name === name);
    if (domain === undefined) return { kind: "absent" };
    if (domain.looks > 0) {
      domain.looks -= 1;
      return { kind: "pending", slow: false };
    }
    if (domain.state === "action") return { kind: "action-required", code: "verify_email" };
    if (domain.state === "failed") return { kind: "refused", code: "registry_refused" };
    return {
      kind: "registered",
      domain: name,
      zoneId: `zone-${name}`,
      expiresAt: new Date(now() + 31_536_000_000).toISOString(),
      price: { currency: world.currency, minor: domain.price },
    };
  };

  const cloud: VendorClient = {
    id: "cloudflare",
    endpoint: "https://api.example/client/v4",
    issueToken: ({ name, expiresAt, permissions }) =>
      meet<TokenAnswer>("issueToken", () => {
        const token: WorldAccessToken = {
          id: nextId("tok"),
          name,
          value: nextId("value"),
          groups: permissions.map(({ group }) => group),
          expiresAt,
          status: "active",
          gone: false,
        };
        world.accessTokens.push(token);
        return { kind: "issued", tokenId: token.id, value: new Secret(token.value) };
      }),
    findToken: ({ name }) =>
      meet<TokenAnswer>("findToken", () => tokenBy((one) => one.name === name)),
    readToken: ({ tokenId }) =>
      meet<TokenAnswer>("readToken", () => tokenBy((one) => one.id === tokenId)),
    renewToken: ({ tokenId, expiresAt }) =>
      meet<TokenAnswer>("renewToken", () => {
        const token = world.accessTokens.find((one) => !one.gone && one.id === tokenId);
        if (token !== undefined) token.expiresAt = expiresAt;
        return tokenBy((one) => one.id === tokenId);
      }),
    revokeToken: ({ tokenId }) =>
      meet<TokenAnswer>("revokeToken", () => {
        const token = world.accessTokens.find((one) => one.id === tokenId);
        if (token !== undefined) token.gone = true;
        return { kind: "absent" };
      }),
    quoteDomain: ({ years }) =>
      meet<QuoteAnswer>("quoteDomain", () => ({
        kind: "quoted",
        price: {
          currency: world.currency,
          minor: world.price + world.renewal * BigInt(years - 1),
        },
        renewal: { currency: world.currency, minor: world.renewal },
      })).then((answer) =>
        answer.kind === "refused"
          ? ({ kind: "unavailable", code: answer.code } as const)
          : (answer as QuoteAnswer),
      ),
    registerDomain: ({ domain, autoRenew, credential, years }) =>
      meet<DomainAnswer>("registerDomain", () => {
        const known = world.domains.find((one) => one.name === domain);
        if (known !== undefined && known.state !== "failed") return readDomain(domain);
        const price = world.price + world.renewal * BigInt(years - 1) + world.surcharge;
        if (world.domainEnd !== "failed" && !charge(accountOf(credential), price))
          return { kind: "refused", code: "payment_failed" };
        const state = world.domainEnd;
        const looks = world.pendingLooks;
        world.domains.push({ name: domain, price, autoRenew, looks, state });
        return readDomain(domain);
      }),
    readDomain: ({ domain }) =>
      meet<DomainAnswer>("readDomain", () => readDomain(domain)).then((answer) =>
        answer.kind === "refused" && answer.code === "declined"
          ? { kind: "unknown", code: "declined" }
          : answer,
      ),
    setAutoRenew: ({ domain, autoRenew }) =>
      meet<DomainAnswer>("setAutoRenew", () => {
        const found = world.domains.find((one) => one.name === domain);
        if (found !== undefined) found.autoRenew = autoRenew;
        return readDomain(domain);
      }),
  };

  return Object.assign(world, { orchestrator: app, issuer: payments, vendor: cloud });
}

function show(resource: WorldResource): ResourceAnswer {
  if (resource.state === "removed") return { kind: "removed", id: resource.id };
  const rotated = resource.rotations === 0 ? "" : `-${resource.rotations}`;
  const access = { API_KEY: new Secret(`key-of-${resource.id}${rotated}`) };
  return { kind: "complete", id: resource.id, access };
}

function unrefuse(
  answer: PaymentTokenState | { kind: "unknown" | "refused"; code: string },
): PaymentTokenState {
  return answer.kind === "refused"
    ? { kind: "unknown", code: answer.code }
    : (answer as PaymentTokenState);
}
