import { describe, expect, it } from "vitest";
import type { Issuer } from "../../src/adapters/issuers/contract.ts";
import { createBench, setUp } from "./fakes/bench.ts";

describe("a payment token past its end", () => {
  const life = 33 * 86_400_000;

  it.each([
    ["is revoked by us where its issuer does not know that end", false, "revoked", 1],
    ["is left to its issuer, which ends it", true, "active", undefined],
  ])("%s", async (_, expiry, status, calls) => {
    const { open, world, clock } = createBench();
    const capabilities = { ...world.issuer.capabilities, expiry };
    const issuer: Issuer = { ...world.issuer, capabilities };
    const broker = await open({ issuers: [issuer] });
    await setUp(broker);
    await broker.beginRun("in-time");
    expect(world.paymentTokens.map((token) => token.status)).toEqual(["active"]);
    clock.advance(life);
    await broker.beginRun("too-late");
    expect(world.paymentTokens.map((token) => token.status)).toEqual([status]);
    expect(world.calls.get("revokePayment")).toBe(calls);
    await broker.beginRun("again");
    expect(world.calls.get("revokePayment")).toBe(calls);
  });

  it("that could not be revoked is tried again with the next run", async () => {
    const { open, world, clock } = createBench();
    const capabilities = { ...world.issuer.capabilities, expiry: false };
    const broker = await open({ issuers: [{ ...world.issuer, capabilities }] });
    await setUp(broker);
    clock.advance(life);
    world.fates.set("revokePayment", ["dropped"]);
    await broker.beginRun("first");
    expect(world.paymentTokens.map((token) => token.status)).toEqual(["active"]);
    await broker.beginRun("second");
    expect(world.paymentTokens.map((token) => token.status)).toEqual(["revoked"]);
  });
});
