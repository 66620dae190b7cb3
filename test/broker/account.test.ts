import { describe, expect, it } from "vitest";
import type { AccountAnswer, Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import { describeStep } from "../../src/broker/steps.ts";
import { createBench, grant, isFailure, refuse, requests } from "./fakes/bench.ts";
import { createWorld } from "./fakes/world.ts";

describe("opening an account", () => {
  it("goes through the first healthy orchestrator", async () => {
    const { open, world, clock } = createBench();
    const down = createWorld({ now: () => clock.now(), orchestrator: "planetscale" });
    down.fates.set("isHealthy", ["dropped"]);
    const broker = await open({
      orchestrators: { cloudflare: [down.orchestrator, world.orchestrator] },
    });
    const request = requests.account({ orchestrators: ["planetscale", "stripe"] });
    expect((await grant(broker, request)).outputs.orchestrator).toBe("stripe");
    expect(down.accounts).toHaveLength(0);
  });

  it("goes to the next orchestrator when the first could not be reached at all", async () => {
    const { open, world, clock } = createBench();
    const other = createWorld({ now: () => clock.now(), orchestrator: "self" });
    world.fates.set("requestAccount", ["unreachable"]);
    const broker = await open({
      orchestrators: { cloudflare: [world.orchestrator, other.orchestrator] },
    });
    const request = requests.account({ orchestrators: ["stripe", "self"] });
    expect((await grant(broker, request)).outputs.orchestrator).toBe("self");
    expect(world.accounts).toHaveLength(0);
    expect((await broker.summary()).counts).toContainEqual({
      count: "accounts",
      used: 1,
      limit: 5,
    });
  });

  it("stays with its orchestrator once the outcome is unknown, so that there is no second account", async () => {
    const { open, world, clock } = createBench();
    const other = createWorld({ now: () => clock.now(), orchestrator: "self" });
    const broker = await open({
      orchestrators: { cloudflare: [world.orchestrator, other.orchestrator] },
    });
    const request = requests.account({ orchestrators: ["stripe", "self"] });
    world.fates.set("requestAccount", ["lost", "dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    expect(world.calls.get("requestAccount")).toBe(2);
    world.fates.set("isHealthy", ["dropped"]);
    expect((await grant(broker, request)).outputs.orchestrator).toBe("stripe");
    expect(world.accounts).toHaveLength(1);
    expect(other.accounts).toHaveLength(0);
  });

  it("asks a person to consent, with the link beside the message, and goes on after it", async () => {
    const { open, world } = createBench();
    world.consent = true;
    const broker = await open();
    const answer = await broker.handle(requests.account());
    expect(answer).toMatchObject({
      code: "consent_required",
      link: "https://provider.example/consent?state=abc",
    });
    expect(isFailure(answer) && answer.message).not.toContain("provider.example");
    expect(broker.failures()).toMatchObject([{ failure: { code: "consent_required" } }]);
    world.consent = false;
    await grant(broker, requests.account());
    expect(new Set(world.accounts.map(({ requestId }) => requestId)).size).toBe(1);
  });

  it("asks anew when nobody consented in time", async () => {
    const { open, world, clock } = createBench();
    world.consent = true;
    const broker = await open();
    expect(await refuse(broker, requests.account())).toBe("consent_required");
    clock.advance(25 * 3_600_000);
    expect(await refuse(broker, requests.account())).toBe("consent_required");
    world.consent = false;
    await grant(broker, requests.account());
    expect((await broker.summary()).counts[1]).toMatchObject({ count: "accounts", used: 1 });
  });

  it("does not repeat a request beyond the time that repeating is safe", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    world.fates.set("requestAccount", ["lost", "lost"]);
    expect(await refuse(broker, requests.account())).toBe("outcome_unknown");
    clock.advance(23 * 3_600_000);
    const calls = world.calls.get("requestAccount");
    expect(await refuse(broker, requests.account())).toBe("outcome_unknown");
    expect(world.calls.get("requestAccount")).toBe(calls);
  });

  it("asks for another account of nobody once the one in doubt is certainly gone", async () => {
    const { open, world, clock } = createBench();
    const lost = { kind: "unknown", code: "timeout" } as const;
    const gone = { kind: "refused", code: "claim_expired" } as const;
    const answers: AccountAnswer[] = [lost, lost, { ...gone, code: "too_many" }, lost, gone];
    const orchestrator: Orchestrator = {
      ...world.orchestrator,
      capabilities: { ...world.orchestrator.capabilities, needsClaim: true },
      requestAccount: async (request) =>
        answers.shift() ?? world.orchestrator.requestAccount(request),
    };
    const broker = await open({ orchestrators: { cloudflare: [orchestrator] } });
    for (let repeat = 0; repeat < 2; repeat++)
      expect(await refuse(broker, requests.account())).toBe("outcome_unknown");
    clock.advance(73 * 3_600_000);
    expect(await refuse(broker, requests.account())).toBe("account_gone");
    expect(answers).toEqual([]);
    await grant(broker, requests.account());
    expect(world.accounts).toHaveLength(1);
  });

  it("stops at the count of accounts", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, n) =>
        broker.handle({
          ...requests.account({ principal: `p${n}@example.com` }),
          identity: { project: "shop", stack: `s${n}`, resource: "cloudflare.account" },
        }),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
    expect(world.accounts).toHaveLength(5);
  });

  it("claims a domain for the account's apps where the vendor has such domains", async () => {
    const { open, world } = createBench();
    let claimed: string | undefined;
    const vendor = {
      ...world.vendor,
      readAppDomain: async () =>
        claimed === undefined
          ? ({ kind: "absent" } as const)
          : ({ kind: "found", domain: claimed } as const),
      claimAppDomain: async ({ name }: { readonly name: string }) => {
        claimed = `${name}.workers.dev`;
        return { kind: "found", domain: claimed } as const;
      },
    };
    const broker = await open({ vendors: { cloudflare: vendor } });
    const { outputs } = await grant(broker, requests.account());
    expect(outputs.appDomain).toMatch(/^shop-[0-9a-f]{8}\.workers\.dev$/);
    expect((await grant(broker, requests.account())).outputs).toEqual(outputs);
  });
});

describe("a claim of a domain for apps that a broker died over", () => {
  it.each(["after record", "after mark", "after dispatch", "after store"])(
    "%s is ended by the next one",
    async (moment) => {
      const { open, world } = createBench();
      const claims: string[] = [];
      const vendor = {
        ...world.vendor,
        readAppDomain: async () =>
          claims[0] === undefined
            ? ({ kind: "absent" } as const)
            : ({ kind: "found", domain: claims[0] } as const),
        claimAppDomain: async ({ name }: { readonly name: string }) => {
          claims.push(`${name}.workers.dev`);
          return { kind: "found", domain: `${name}.workers.dev` } as const;
        },
      };
      const dying = await open({
        vendors: { cloudflare: vendor },
        observer: {
          async observe(step) {
            if (describeStep(step) === `${moment} of claim account cloudflare.account`)
              throw new Error("died");
          },
        },
      });
      await expect(dying.handle(requests.account())).rejects.toThrow("died");
      const broker = await open({ vendors: { cloudflare: vendor } });
      expect((await grant(broker, requests.account())).outputs.appDomain).toBe(claims[0]);
      expect(claims).toHaveLength(1);
      expect((await broker.summary()).open).toEqual([]);
    },
  );
});

describe("a payment token", () => {
  it("that the provider refuses is revoked", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const account = (await grant(broker, requests.account())).outputs.accountId;
    world.fates.set("createResource", ["refused"]);
    expect(await refuse(broker, requests.payment(account))).toBe("refused_by_provider");
    expect(world.paymentTokens.map(({ status }) => status)).toEqual(["revoked"]);
    await grant(broker, requests.payment(account));
    expect(world.paymentTokens.map(({ status }) => status)).toEqual(["revoked", "active"]);
    expect((await broker.summary()).counts[2]).toMatchObject({ count: "tokens", used: 1 });
  });

  it("is issued once although the first answer gets lost", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const account = (await grant(broker, requests.account())).outputs.accountId;
    world.fates.set("issue", ["lost"]);
    world.fates.set("createResource", ["lost"]);
    await grant(broker, requests.payment(account));
    expect(world.paymentTokens).toHaveLength(1);
    expect(world.resources).toHaveLength(1);
  });

  it("is issued anew when the old one has run out", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    const account = (await grant(broker, requests.account())).outputs.accountId;
    const first = await grant(broker, requests.payment(account));
    clock.advance(33 * 86_400_000);
    const second = await grant(broker, requests.payment(account));
    expect(second.id).not.toBe(first.id);
    expect(world.paymentTokens).toHaveLength(2);
    expect((await broker.summary()).counts[2]).toMatchObject({ count: "tokens", used: 1 });
  });

  it("comes from the next issuer when the first is down", async () => {
    const { open, world, clock } = createBench();
    const other = createWorld({ now: () => clock.now(), issuer: "adyen" });
    const down = { ...world.issuer, isHealthy: async () => false };
    const broker = await open({ issuers: [down, other.issuer] });
    const account = (await grant(broker, requests.account())).outputs.accountId;
    const request = requests.payment(account, { issuers: ["stripe", "adyen"] });
    expect((await grant(broker, request)).outputs.issuer).toBe("adyen");
  });
});

describe("an access token", () => {
  it("whose value got lost is found by its name, revoked, and minted anew", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const account = (await grant(broker, requests.account())).outputs.accountId;
    world.fates.set("issueToken", ["lost"]);
    const { outputs } = await grant(broker, requests.access(account));
    expect(world.accessTokens.map(({ gone }) => gone)).toEqual([true, false]);
    expect(outputs.value).toBe(world.accessTokens[1]?.value);
  });

  it("is not minted anew while one of unknown value cannot be revoked", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const account = (await grant(broker, requests.account())).outputs.accountId;
    world.fates.set("issueToken", ["lost"]);
    world.fates.set("revokeToken", ["dropped"]);
    expect(await refuse(broker, requests.access(account))).toBe("outcome_unknown");
    expect(world.calls.get("issueToken")).toBe(1);
    await grant(broker, requests.access(account));
    expect(world.accessTokens.filter(({ gone }) => !gone)).toHaveLength(1);
  });

  it("that arrives late is swept up when the lease ends", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const account = (await grant(broker, requests.account())).outputs.accountId;
    world.fates.set("issueToken", ["dropped"]);
    const { id } = await grant(broker, requests.access(account));
    const [live] = world.accessTokens;
    if (live === undefined) throw new Error("no token");
    const late = { ...live, id: "late", name: live.name.replace(/-2$/, "-1") };
    world.accessTokens.push(late);
    const { identity } = requests.access(account);
    await broker.handle({ verb: "delete", kind: "access-token", identity, id });
    expect(world.accessTokens.every(({ gone }) => gone)).toBe(true);
  });
});
