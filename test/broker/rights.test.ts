import { describe, expect, it } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import type { LeaseNode } from "../../src/broker/leases/lease-tree.ts";
import { readLog } from "../../src/log/read-log.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { createBench, grant, identity, refuse, requests, setUp } from "./fakes/bench.ts";

/** A stack with one lease of each kind. */
async function fill(broker: Broker) {
  const { account, payment } = await setUp(broker);
  const domain = await grant(broker, requests.domain(account, payment));
  const access = await grant(broker, requests.access(account));
  const service = await grant(broker, requests.service(account, payment));
  const secret = await grant(broker, requests.secret());
  return { account, payment, domain, access, service, secret };
}

/** Fails the test for a broker's no. */
function expectDone<T>(answer: T): Exclude<T, { readonly ok: false }> {
  expect(answer).not.toMatchObject({ ok: false });
  return answer as Exclude<T, { readonly ok: false }>;
}

const brief = (nodes: readonly LeaseNode[]): readonly string[] =>
  nodes.map(({ kind, state }) => `${kind} ${state}`);

describe("promise 12: every credential dies", () => {
  it("shows what was handed out as a tree under the session with the provider", async () => {
    const { open } = createBench();
    const broker = await open();
    await fill(broker);
    const nodes = await broker.leases();
    expect(nodes.map(({ path }) => path)).toEqual([
      "shop/prod/cloudflare/session/cloudflare.account",
      "shop/prod/cloudflare/account/cloudflare.account",
      "shop/prod/cloudflare/payment-token/cloudflare.payment-token",
      "shop/prod/cloudflare/domain/address",
      "shop/prod/cloudflare/access-token/cloudflare.access-token",
      "shop/prod/cloudflare/service-instance/mail",
      "shop/prod/broker/secret/session-key",
    ]);
    const [session, account, ...below] = nodes;
    expect(session).toMatchObject({ revocability: "now" });
    expect(session?.parent).toBeUndefined();
    expect(account?.parent).toBe(session?.id);
    expect(below.slice(0, -1).every(({ parent }) => parent === account?.id)).toBe(true);
  });

  it("takes the children back with their parent, and leaves property and data alone", async () => {
    const { open, world } = createBench();
    const broker = await open();
    await fill(broker);
    world.rotates = true;
    const report = expectDone(await broker.revoke("shop/prod/cloudflare/account"));
    expect(brief(report.revoked)).toEqual([
      "session revoked",
      "account revoked",
      "payment-token revoked",
      "access-token revoked",
      "service-instance revoked",
    ]);
    expect(report.unconfirmed).toEqual([]);
    expect(brief(report.untouched)).toEqual(["domain live"]);
    expect(world.paymentTokens[0]?.status).toBe("revoked");
    expect(world.accessTokens[0]?.gone).toBe(true);
    expect(world.resources.every(({ state }) => state === "complete")).toBe(true);
    expect(world.domains).toHaveLength(1);
  });

  it("lets no later run take back what a person took away", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, access } = await fill(broker);
    expectDone(await broker.revoke(access.id));
    expect(await refuse(broker, requests.access(account))).toBe("lease_revoked");
    const resource = identity("cloudflare.access-token");
    const read = { verb: "read", kind: "access-token", identity: resource, id: access.id } as const;
    expect(await refuse(broker, read)).toBe("lease_revoked");
    const later = await open();
    expect(await refuse(later, requests.access(account))).toBe("lease_revoked");
    expect(await later.renewCredentials("shop", "prod")).toMatchObject({
      failed: [{ failure: { code: "lease_revoked" } }],
    });
    expect(world.accessTokens.filter(({ gone }) => !gone)).toEqual([]);
  });

  it("gives a revoked right out again only by rotation, with another credential", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, access, payment } = await fill(broker);
    world.rotates = true;
    expectDone(await broker.revoke("shop/prod"));
    expect(brief(expectDone(await broker.rotate("shop/prod")).rotated)).toEqual([
      "account live",
      "payment-token live",
      "access-token live",
      "service-instance live",
      "secret live",
    ]);
    const again = await grant(broker, requests.access(account));
    expect(again.id).toBe(access.id);
    expect(again.outputs.value).not.toBe(access.outputs.value);
    expect((await grant(broker, requests.payment(account))).id).toBe(payment);
    expect(world.accounts).toHaveLength(1);
    expect(world.accessTokens.filter(({ gone }) => !gone)).toHaveLength(1);
    expect(world.paymentTokens.filter(({ status }) => status === "active")).toHaveLength(1);
  });

  it("lists what could not be revoked, hands it out no more and tries again with every run", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account } = await fill(broker);
    world.rotates = true;
    world.fates.set("revokeToken", ["dropped", "dropped"]);
    world.fates.set("revokePayment", ["dropped"]);
    const report = expectDone(await broker.revoke("shop"));
    expect(report.unconfirmed.map(({ node, code }) => `${node.kind} ${code}`)).toEqual([
      "session not_revoked",
      "account not_revoked",
      "payment-token not_revoked",
      "access-token not_revoked",
    ]);
    expect(await refuse(broker, requests.access(account))).toBe("lease_revoked");
    const later = await open();
    await later.beginRun("run-2");
    expect(brief(await later.leases()).filter((text) => text.endsWith("revoking"))).toEqual([
      "session revoking",
      "account revoking",
      "access-token revoking",
    ]);
    await later.beginRun("run-3");
    expect(brief(await later.leases()).some((text) => text.endsWith("revoking"))).toBe(false);
    expect(world.accessTokens[0]?.gone).toBe(true);
  });

  it("keeps revoking after a crash in the middle of it", async () => {
    const { open, world, home } = createBench();
    const broker = await open();
    await fill(broker);
    world.rotates = true;
    world.onCall = (method) => {
      if (method === "revokeToken") throw new Error("crash");
    };
    await broker.revoke("shop").catch(() => undefined);
    world.onCall = () => undefined;
    const later = await open();
    await later.beginRun("run-2");
    expect(world.accessTokens[0]?.gone).toBe(true);
    expect(world.paymentTokens[0]?.status).toBe("revoked");
    expect(verifyLog(home)).toMatchObject({ ok: true });
    expect(readLog(home).filter(({ name }) => name === "revocation-ordered")).toHaveLength(4);
  });

  it("replaces a payment token before it is over", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    await fill(broker);
    clock.advance(29 * 86_400_000);
    const later = await open();
    expect(await later.renewCredentials("shop", "prod")).toMatchObject({
      reminted: expect.arrayContaining(["cloudflare.payment-token"]),
    });
    expect(world.paymentTokens.map(({ status }) => status)).toEqual(["revoked", "active"]);
  });
});

describe("promise 8: the kill switch is final", () => {
  it("revokes through a freeze and with the orchestrator down, and rotates nothing", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { payment } = await fill(broker);
    await broker.freeze("all", "test");
    world.fates.set(
      "refresh",
      Array.from({ length: 20 }, () => "dropped" as const),
    );
    world.fates.set(
      "requestAccount",
      Array.from({ length: 20 }, () => "dropped" as const),
    );
    expect(expectDone(await broker.revoke(payment)).unconfirmed).toEqual([]);
    expect(world.paymentTokens[0]?.status).toBe("revoked");
    expect(await broker.rotate("shop")).toMatchObject({ ok: false, code: "frozen" });
  });
});
