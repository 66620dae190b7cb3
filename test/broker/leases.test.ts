import { describe, expect, it } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import { readLog } from "../../src/log/read-log.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import {
  createBench,
  dollars,
  grant,
  identity,
  LIMITS,
  refuse,
  requests,
  setUp,
} from "./fakes/bench.ts";

describe("a whole stack", () => {
  it("gets exactly one of everything, and the same again when asked again", async () => {
    const { open, world } = createBench();
    const broker = await open();
    await broker.beginRun("run-1");
    const once = async () => {
      const { account, payment } = await setUp(broker);
      const domain = await grant(broker, requests.domain(account, payment));
      const access = await grant(broker, requests.access(account));
      const service = await grant(broker, requests.service(account, payment));
      const secret = await grant(broker, requests.secret());
      return { account, payment, domain, access, service, secret };
    };
    const first = await once();
    const second = await once();
    expect(second).toEqual(first);
    expect(world.accounts).toHaveLength(1);
    expect(world.paymentTokens).toHaveLength(1);
    expect(world.accessTokens).toHaveLength(1);
    expect(world.domains).toHaveLength(1);
    expect(world.resources.map(({ service }) => service)).toEqual(["workers:free", "r2:bucket"]);
    expect(first.access.outputs.value).toBe(world.accessTokens[0]?.value);
    expect(first.domain.outputs).toMatchObject({
      domain: "example-shop.com",
      zoneId: "zone-example-shop.com",
      pricePaid: "10.44 USD",
    });
    expect(first.service.outputs.credentials).toEqual({ API_KEY: "key-of-res_8" });
    expect(Buffer.from(first.secret.outputs.value, "base64url")).toHaveLength(32);
    await broker.close();
  });

  it("answers the same to a later process", async () => {
    const { open, world } = createBench();
    const before = await open();
    const first = await setUp(before);
    const token = await grant(before, requests.access(first.account));
    const after = await open();
    expect(await setUp(after)).toEqual(first);
    expect(await grant(after, requests.access(first.account))).toEqual(token);
    expect(world.accessTokens).toHaveLength(1);
  });

  it("writes a log that verifies and names every act without any secret", async () => {
    const { open, world, home } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    await grant(broker, requests.domain(account, payment));
    await grant(broker, requests.access(account));
    expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
    const names = readLog(home).map(({ name }) => name);
    expect(names).toEqual([
      "account-requested",
      "account-linked",
      "payment-token-requested",
      "payment-token-issued",
      "payment-token-presenting",
      "payment-token-presented",
      "domain-requested",
      "domain-registered",
      "access-token-requested",
      "access-token-issued",
    ]);
    const text = JSON.stringify(readLog(home));
    for (const secret of [world.paymentTokens[0]?.id, world.accessTokens[0]?.value, "bearer_"])
      expect(text).not.toContain(secret);
  });
});

describe("reading", () => {
  it("shows what the provider shows", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const token = await grant(broker, requests.access(account));
    const service = await grant(broker, requests.service(account, payment));
    const read = (kind: "access-token" | "payment-token" | "service-instance", id: string) => {
      const resource = {
        "access-token": "cloudflare.access-token",
        "payment-token": "cloudflare.payment-token",
        "service-instance": "mail",
      }[kind];
      return broker.handle({ verb: "read", kind, identity: identity(resource), id });
    };
    expect(await read("access-token", token.id)).toMatchObject({ ok: true, id: token.id });
    for (const one of world.accessTokens) one.gone = true;
    for (const one of world.paymentTokens) one.status = "revoked";
    for (const one of world.resources) one.state = "removed";
    expect(await read("access-token", token.id)).toEqual({ ok: true, gone: true });
    expect(await read("payment-token", payment)).toEqual({ ok: true, gone: true });
    expect(await read("service-instance", service.id)).toEqual({ ok: true, gone: true });
  });

  it("never takes silence for absence", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account } = await setUp(broker);
    const { id } = await grant(broker, requests.access(account));
    world.fates.set("readToken", ["dropped"]);
    const request = {
      verb: "read",
      kind: "access-token",
      identity: identity("cloudflare.access-token"),
      id,
    } as const;
    expect(await refuse(broker, request)).toBe("provider_unreachable");
  });

  it("knows only the leases of the very resource that asks", async () => {
    const { open } = createBench();
    const broker = await open();
    const { account } = await setUp(broker);
    const { id } = await grant(broker, requests.access(account));
    const other = { ...identity("cloudflare.access-token"), stack: "other" };
    const kind = "access-token";
    expect(await broker.handle({ verb: "read", kind, identity: other, id })).toEqual({
      ok: true,
      gone: true,
    });
    expect(await refuse(broker, { verb: "delete", kind, identity: other, id })).toBe(
      "lease_unknown",
    );
    const foreign = requests.access(account);
    expect(await refuse(broker, { ...foreign, identity: other })).toBe("account_missing");
  });
});

describe("changing", () => {
  it("mints another access token for other permissions and revokes the old one", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account } = await setUp(broker);
    const token = await grant(broker, requests.access(account));
    const permissions = [{ group: "Workers Scripts Write", scope: "account" as const }];
    const changed = await broker.handle({
      ...requests.access(account, { permissions }),
      verb: "update",
      id: token.id,
    });
    expect(changed).toMatchObject({ ok: true, id: token.id });
    expect(world.accessTokens.map(({ gone, groups }) => ({ gone, groups }))).toEqual([
      { gone: true, groups: ["D1 Write"] },
      { gone: false, groups: ["Workers Scripts Write"] },
    ]);
    expect((await broker.summary()).unrevoked).toEqual([]);
  });

  it("issues another payment token for another cap, presents it, and revokes the old one", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const raised = { ...requests.payment(account, { cap: "80.00 USD" }), verb: "update" as const };
    expect(await broker.handle({ ...raised, id: payment })).toMatchObject({
      ok: true,
      id: payment,
    });
    expect(world.paymentTokens.map(({ status, cap }) => [status, cap])).toEqual([
      ["revoked", 6000n],
      ["active", 8000n],
    ]);
    expect(world.accounts[0]?.paymentToken).toBe(world.paymentTokens[1]?.id);
  });

  it("keeps on the list what could not be revoked, and revokes it with the next run", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("revokePayment", ["dropped"]);
    const raised = { ...requests.payment(account, { cap: "80.00 USD" }), verb: "update" as const };
    expect(await broker.handle({ ...raised, id: payment })).toMatchObject({ ok: true });
    expect((await broker.summary()).unrevoked).toEqual([{ lease: payment, kind: "payment-token" }]);
    await broker.beginRun("next");
    expect((await broker.summary()).unrevoked).toEqual([]);
    expect(world.paymentTokens[0]?.status).toBe("revoked");
  });

  it("sets a domain to renew by itself, and refuses to change what cannot change", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const { id } = await grant(broker, requests.domain(account, payment));
    const update = (overrides: Parameters<typeof requests.domain>[2]) =>
      broker.handle({
        ...requests.domain(account, payment, overrides),
        verb: "update",
        id,
      });
    expect(await update({ autoRenew: true })).toMatchObject({ ok: true });
    expect(world.domains[0]?.autoRenew).toBe(true);
    expect(await update({ domain: "other-shop.com" })).toMatchObject({ code: "immutable_input" });
    expect(await update({ years: 2 })).toMatchObject({ code: "immutable_input" });
    expect(world.domains).toHaveLength(1);
  });

  it("sets no domain to renew by itself whose renewal fits under no cap; to renew no more is free, also under a freeze", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const { id } = await grant(broker, requests.domain(account, payment));
    const update = (to: Broker, autoRenew: boolean) =>
      to.handle({ ...requests.domain(account, payment, { autoRenew }), verb: "update", id });
    const narrow = await open({ limits: { ...LIMITS, categories: { domains: dollars(1_043) } } });
    expect(await update(narrow, true)).toMatchObject({
      code: "cap_exceeded",
      message: expect.stringContaining("`category/domains/2027-11`"),
    });
    expect(world.calls.get("setAutoRenew")).toBeUndefined();
    const wide = await open();
    await wide.freeze("all", "drill");
    expect(await update(wide, true)).toMatchObject({ code: "frozen" });
    await wide.unfreeze("all", "drill");
    expect(await update(wide, true)).toMatchObject({ ok: true });
    await wide.freeze("all", "drill");
    expect(await update(wide, false)).toMatchObject({ ok: true });
    expect(world.domains[0]?.autoRenew).toBe(false);
  });

  it("makes another secret of another length only", async () => {
    const { open } = createBench();
    const broker = await open();
    const { id, outputs } = await grant(broker, requests.secret());
    const update = async (bytes: number) => {
      const answer = await broker.handle({ ...requests.secret(bytes), verb: "update", id });
      return answer.ok && "outputs" in answer ? answer.outputs : undefined;
    };
    expect(await update(32)).toEqual(outputs);
    expect(await update(16)).not.toEqual(outputs);
  });
});

describe("destroying and coming back", () => {
  it("keeps the account of a domain, and buys nothing twice", async () => {
    const { open, world, home } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const domain = await grant(broker, requests.domain(account, payment));
    const access = await grant(broker, requests.access(account));
    const accountLease = (await grant(broker, requests.account())).id;
    const gone = { ok: true, gone: true };
    const remove = (
      kind: "access-token" | "payment-token" | "account",
      resource: string,
      id: string,
    ) => broker.handle({ verb: "delete", kind, identity: identity(resource), id });
    expect(await remove("access-token", "cloudflare.access-token", access.id)).toEqual(gone);
    expect(await remove("payment-token", "cloudflare.payment-token", payment)).toEqual(gone);
    expect(await remove("account", "cloudflare.account", accountLease)).toEqual(gone);
    expect(world.accessTokens.every((token) => token.gone)).toBe(true);
    expect(world.paymentTokens.every((token) => token.status === "revoked")).toBe(true);
    expect((await broker.summary()).retained.map(({ kind }) => kind)).toEqual([
      "account",
      "domain",
    ]);

    const again = await open();
    const second = await setUp(again);
    expect(second.account).toBe(account);
    expect(second.payment).not.toBe(payment);
    expect(await grant(again, requests.domain(account, second.payment))).toEqual(domain);
    await grant(again, requests.access(account));
    expect(world.accounts).toHaveLength(1);
    expect(world.domains).toHaveLength(1);
    expect(world.calls.get("registerDomain")).toBe(1);
    expect(world.paymentTokens.map(({ status }) => status)).toEqual(["revoked", "active"]);
    expect(readLog(home).map(({ name }) => name)).toContain("account-kept");
  });

  it("unlinks an account that holds nothing, and forgets its credentials", async () => {
    const { open } = createBench();
    const broker = await open();
    const { id } = await grant(broker, requests.account());
    const kind = "account";
    const own = identity("cloudflare.account");
    expect(await broker.handle({ verb: "delete", kind, identity: own, id })).toEqual({
      ok: true,
      gone: true,
    });
    const { leases, counts } = await broker.summary();
    expect(leases).toEqual([]);
    expect(counts).toContainEqual({ count: "accounts", used: 1, limit: LIMITS.counts.accounts });
  });

  it("never deletes a domain", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const { id } = await grant(broker, requests.domain(account, payment));
    const request = { verb: "delete", kind: "domain", identity: identity("address"), id } as const;
    expect(await refuse(broker, request)).toBe("domain_never_deleted");
    expect(world.domains).toHaveLength(1);
  });

  it("forgets a secret for an agent that may delete nothing: no data goes with it", async () => {
    const { open } = createBench();
    const broker = await open({ permits: (verb) => verb !== "delete" });
    const { id } = await grant(broker, requests.secret());
    const request = {
      verb: "delete",
      kind: "secret",
      identity: identity("session-key"),
      id,
    } as const;
    expect(await broker.handle(request)).toEqual({ ok: true, gone: true });
  });

  it("says so when a token could not be revoked, and goes on next time", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { payment } = await setUp(broker);
    world.fates.set("revokePayment", ["dropped"]);
    const request = {
      verb: "delete",
      kind: "payment-token",
      identity: identity("cloudflare.payment-token"),
      id: payment,
    } as const;
    expect(await refuse(broker, request)).toBe("not_revoked");
    expect((await broker.summary()).leases.map(({ kind }) => kind)).toContain("payment-token");
    expect(await broker.handle(request)).toEqual({ ok: true, gone: true });
  });
});

describe("access tokens before a run", () => {
  it("live for their full time again, value unchanged", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    const { account } = await setUp(broker);
    const token = await grant(broker, requests.access(account));
    clock.advance(7_200_000);
    const report = await broker.renewCredentials("shop", "prod");
    expect(report).toEqual({ renewed: ["cloudflare.access-token"], reminted: [], failed: [] });
    expect(Date.parse(world.accessTokens[0]?.expiresAt ?? "")).toBe(clock.now() + 900_000);
    expect((await grant(broker, requests.access(account))).outputs).toEqual(token.outputs);
  });

  it("are minted anew when they are gone, and stay as they are when somebody disabled them", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account } = await setUp(broker);
    const token = await grant(broker, requests.access(account));
    for (const one of world.accessTokens) one.gone = true;
    const report = await broker.renewCredentials("shop", "prod");
    expect(report).toMatchObject({ renewed: [], reminted: ["cloudflare.access-token"] });
    const again = await grant(broker, requests.access(account));
    expect(again.id).toBe(token.id);
    expect(again.outputs.value).not.toBe(token.outputs.value);
    for (const one of world.accessTokens) one.status = "disabled";
    expect(await broker.renewCredentials("shop", "prod")).toMatchObject({
      renewed: [],
      failed: [{ failure: { code: "token_disabled" } }],
    });
  });
});

describe("the account's credential", () => {
  it("is refreshed when it runs out, and found again when the refreshed one got lost", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    const { account } = await setUp(broker);
    clock.advance(3_600_000);
    await grant(broker, requests.access(account));
    expect(world.calls.get("refresh")).toBe(1);
    clock.advance(3_600_000);
    world.fates.set("refresh", ["lost"]);
    expect(await broker.renewCredentials("shop", "prod")).toMatchObject({ failed: [] });
    expect(world.accounts).toHaveLength(1);
  });
});
