import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { IMMUTABLE_INPUTS, LEASE_KINDS, type LeaseKind } from "../../src/broker/protocol.ts";
import { check, create, diff, read, remove, update } from "../../src/resources/provider.ts";
import { CANARIES, type FakeBroker, startFakeBroker } from "../deploy/fake-broker.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const identity = { project: "shop", stack: "local", resource: "thing" };

const INPUTS: Readonly<Record<LeaseKind, Readonly<Record<string, unknown>>>> = {
  account: {
    provider: "cloudflare",
    orchestrators: ["stripe"],
    principal: "founder@example.com",
    agent: "build-bot",
  },
  "payment-token": {
    provider: "cloudflare",
    account: "account-1",
    issuers: ["stripe"],
    cap: "60.00 USD",
  },
  "access-token": {
    provider: "cloudflare",
    account: "account-1",
    permissions: [{ group: "D1 Write", scope: "account" }],
    zones: ["example-shop.com"],
    ttlSeconds: 3600,
  },
  domain: {
    provider: "cloudflare",
    account: "account-1",
    paymentToken: "payment-1",
    domain: "example-shop.com",
    years: 1,
    maxPrice: "12.00 USD",
    autoRenew: false,
  },
  "service-instance": {
    provider: "resend",
    account: "account-1",
    paymentToken: "payment-1",
    service: "resend/email",
    config: { region: "eu", seats: 3 },
  },
  secret: { bytes: 32 },
};

/** Another value of the same form. */
const OTHERS: Readonly<Record<string, unknown>> = {
  provider: "other",
  account: "account-2",
  principal: "other@example.com",
  domain: "other-shop.com",
  service: "resend/other",
  cap: "61.00 USD",
  maxPrice: "13.00 USD",
  permissions: [{ group: "D1 Write", scope: "zone" }],
  zones: [],
  ttlSeconds: 60,
  years: 2,
  autoRenew: true,
  paymentToken: "payment-2",
  config: { region: "us", seats: 3 },
  bytes: 64,
  orchestrators: ["self"],
  agent: "other-bot",
  issuers: ["adyen"],
};

const CREATION_ONLY = ["orchestrators", "agent", "issuers"];

function properties(kind: LeaseKind, changes: Readonly<Record<string, unknown>> = {}) {
  return { ...INPUTS[kind], kind, identity, __provider: "text", ...changes };
}

const anyKind = fc.constantFrom(...LEASE_KINDS);
const anyKindAndInput = anyKind.chain((kind) =>
  fc.record({ kind: fc.constant(kind), name: fc.constantFrom(...Object.keys(INPUTS[kind])) }),
);
/** The same value with its object keys in another order. */
function reorder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reorder);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reorder(inner)]),
  );
}

describe("diff", () => {
  it("finds no change between equal inputs, whatever the order of keys", async () => {
    for (const kind of LEASE_KINDS) {
      const olds = { ...properties(kind), value: "an output", extra: 1 };
      const news = reorder(properties(kind)) as Record<string, unknown>;
      expect(await diff("id", olds, news)).toEqual({
        changes: false,
        replaces: [],
        deleteBeforeReplace: false,
      });
    }
  });

  it("replaces when an immutable input changes, and only then", async () => {
    await fc.assert(
      fc.asyncProperty(anyKindAndInput, async ({ kind, name }) => {
        const immutables: readonly string[] = IMMUTABLE_INPUTS[kind];
        const isImmutable = immutables.includes(name);
        fc.pre(!(kind === "domain" && isImmutable));
        const answer = await diff(
          "id",
          properties(kind),
          properties(kind, { [name]: OTHERS[name] }),
        );
        expect(answer).toEqual({
          changes: !CREATION_ONLY.includes(name),
          replaces: isImmutable ? [name] : [],
          deleteBeforeReplace: isImmutable,
        });
      }),
    );
  });

  it("never replaces a domain: its immutable inputs are an error with a code", async () => {
    for (const name of IMMUTABLE_INPUTS.domain) {
      const news = properties("domain", { [name]: OTHERS[name] });
      await expect(diff("id", properties("domain"), news)).rejects.toThrow(
        "supercargo: change of domain failed with code immutable_input",
      );
      const pending = properties("domain", { [name]: UNKNOWN });
      expect(await diff("id", properties("domain"), pending)).toEqual({
        changes: true,
        replaces: [],
        deleteBeforeReplace: false,
      });
    }
  });
});

describe("check", () => {
  it("accepts what the classes send, also while parts are unknown", async () => {
    await fc.assert(
      fc.asyncProperty(anyKindAndInput, async ({ kind, name }) => {
        const news = properties(kind, { [name]: UNKNOWN });
        expect(await check({}, news)).toEqual({ inputs: news, failures: [] });
      }),
    );
  });

  it("names a wrong input without its value, and for the resource as a whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyKindAndInput,
        fc.constantFrom(null, undefined, -1, 1.5, "", {}, [1], [""], "canary-input"),
        async ({ kind, name }, wrong) => {
          const { failures } = await check({}, properties(kind, { [name]: wrong }));
          for (const { property, reason } of failures) {
            expect(property).toBe("");
            expect(reason).toMatch(/^bad_request: `[a-zA-Z]+` /);
            expect(reason).not.toContain("canary-input");
          }
        },
      ),
    );
    const { failures } = await check({}, properties("payment-token", { cap: "60 dollars" }));
    expect(failures).toEqual([
      { property: "", reason: "bad_request: `cap` must be an amount such as `12.00 USD`" },
    ]);
  });

  it("refuses what names no kind of ours or no identity", async () => {
    for (const change of [{ kind: "other" }, { kind: undefined }, { identity: { project: 1 } }]) {
      const { failures } = await check({}, properties("account", change));
      expect(failures).toEqual([{ property: "", reason: "bad_request" }]);
    }
  });

  it("refuses a change of an immutable input of a domain", async () => {
    for (const name of IMMUTABLE_INPUTS.domain) {
      const news = properties("domain", { [name]: OTHERS[name] });
      const { failures } = await check(properties("domain"), news);
      expect(failures).toEqual([
        { property: "", reason: `immutable_input: \`${name}\` cannot change` },
      ]);
    }
  });
});

describe("create, read, update and delete", () => {
  const before = { ...process.env };
  let broker: FakeBroker;
  beforeAll(async () => {
    broker = await startFakeBroker();
  });
  beforeEach(() => {
    Object.assign(process.env, broker.env);
    broker.requests.length = 0;
    broker.answer = () => undefined;
  });
  afterEach(() => {
    process.env = { ...before };
  });
  afterAll(() => broker.close());

  it("sends the broker exactly the fields of its protocol and keeps inputs and outputs", async () => {
    const news = properties("payment-token", { stray: "x" });
    expect(await create(news)).toEqual({
      id: "thing-id",
      outs: {
        ...INPUTS["payment-token"],
        kind: "payment-token",
        identity,
        paymentTokenId: "payment-1",
        issuer: "stripe",
        expiresAt: "2027-01-01T00:00:00Z",
      },
    });
    expect(broker.requests).toEqual([
      { verb: "create", kind: "payment-token", identity, inputs: INPUTS["payment-token"] },
    ]);
  });

  it("updates under the identity that the resource was created with", async () => {
    const moved = { ...identity, resource: "renamed" };
    const news = properties("payment-token", { cap: "61.00 USD", identity: moved });
    const { outs } = await update("thing-id", properties("payment-token"), news);
    expect(outs).toMatchObject({ cap: "61.00 USD", identity });
    expect(broker.requests[0]).toMatchObject({ verb: "update", id: "thing-id", identity });
  });

  it("observes, and says so when the thing is gone", async () => {
    const props = { ...properties("secret"), value: "old" };
    expect((await read("thing-id", props)).props).toMatchObject({ value: CANARIES.secret });
    broker.answer = () => ({ ok: true, gone: true });
    expect(await read("thing-id", props)).toEqual({ id: "", props: {} });
  });

  it("deletes, and takes already gone for done", async () => {
    await remove("thing-id", properties("account"));
    expect(broker.requests).toEqual([
      { verb: "delete", kind: "account", identity, id: "thing-id" },
    ]);
  });

  it("rebuilds errors from codes and forwards no text", async () => {
    const acts = {
      create: () => create(properties("account")),
      read: () => read("id", properties("account")),
      update: () => update("id", properties("account"), properties("account")),
      delete: () => remove("id", properties("account")),
    };
    for (const [verb, act] of Object.entries(acts)) {
      broker.answer = () => ({ ok: false, code: "cap_exceeded", message: CANARIES.text });
      const error = await act().then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      expect(error?.message).toBe(`supercargo: ${verb} of account failed with code cap_exceeded`);
      expect(error?.stack).toBe("");
      broker.answer = () => ({ ok: false, code: `${CANARIES.text}!`, message: "" });
      await expect(act()).rejects.toThrow(
        `supercargo: ${verb} of account failed with code broker_unreachable`,
      );
    }
  });

  it("says that no broker runs when there is none", async () => {
    process.env.SUPERCARGO_BROKER_SOCKET = "";
    await expect(create(properties("account"))).rejects.toThrow("code broker_not_running");
  });
});
