import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountAnswer, Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import { Secret } from "../../src/util/secret.ts";

/** One orchestrator at one provider, and hands to break and inspect that provider with. */
export interface OrchestratorSubject {
  readonly orchestrator: Orchestrator;
  /** The same provider, asked by somebody whose signature is worth nothing. */
  readonly stranger: Orchestrator;
  /** A service that costs nothing and gives access, and one that must be paid. */
  readonly free: { readonly service: string; readonly config: Readonly<Record<string, string>> };
  readonly paid: { readonly service: string; readonly config: Readonly<Record<string, string>> };
  /** A payment token that the provider accepts. */
  mintPaymentToken(): Promise<Secret>;
  /** The next call of this sort happens, but its answer is lost; or does not happen at all. */
  lose(call: "account" | "resource", how: "answer" | "request"): Promise<void>;
  /** From now on accounts are handed out as a code to exchange. */
  useCodes(): Promise<void>;
  /** A person says yes on the page behind the link. */
  consent(url: string): Promise<void>;
  count(what: "accounts" | "resources"): Promise<number>;
  close(): Promise<void>;
}

/** What every orchestrator adapter MUST do. A subject that cannot be put into a state leaves the case out with a written reason. */
export function testOrchestrator(
  name: string,
  open: () => Promise<OrchestratorSubject>,
  skip: Readonly<Record<string, string>> = {},
): void {
  describe(name, () => {
    let subject: OrchestratorSubject;
    let serial = 0;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject.close());
    const check = (title: string, work: () => Promise<void>): void => {
      const reason = skip[title];
      if (reason === undefined) it(title, work);
      else it.skip(`${title} (${reason})`, work);
    };
    const newRequest = () => {
      serial += 1;
      return {
        requestId: `areq_${serial}`,
        email: `person-${serial}@example.com`,
        name: "Shop",
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      };
    };
    const connect = async (): Promise<Secret> => {
      const answer = await subject.orchestrator.requestAccount(newRequest());
      return expectConnected(answer).accessToken;
    };

    check("is healthy", async () => {
      expect(await subject.orchestrator.isHealthy()).toBe(true);
      expect(await subject.stranger.isHealthy()).toBe(false);
    });

    check("gets an account, and the same one for the same request", async () => {
      const request = newRequest();
      const before = await subject.count("accounts");
      const first = expectConnected(await subject.orchestrator.requestAccount(request));
      const second = expectConnected(await subject.orchestrator.requestAccount(request));
      expect(second.accountId).toBe(first.accountId);
      expect(await subject.count("accounts")).toBe(before + 1);
      expect(Date.parse(first.expiresAt)).toBeGreaterThan(Date.now());
    });

    for (const how of ["answer", "request"] as const)
      check(`calls it unknown when the ${how} is lost, and finds one account again`, async () => {
        const request = newRequest();
        const before = await subject.count("accounts");
        await subject.lose("account", how);
        expect((await subject.orchestrator.requestAccount(request)).kind).toBe("unknown");
        expectConnected(await subject.orchestrator.requestAccount(request));
        expect(await subject.count("accounts")).toBe(before + 1);
      });

    check("asks for consent where the person has an account already", async () => {
      const first = newRequest();
      expectConnected(await subject.orchestrator.requestAccount(first));
      const second = { ...newRequest(), email: first.email };
      const answer = await subject.orchestrator.requestAccount(second);
      expect(answer.kind).toBe("consent");
      if (answer.kind !== "consent") return;
      expect(URL.canParse(answer.url)).toBe(true);
      await subject.consent(answer.url);
      const known = expectConnected(await subject.orchestrator.requestAccount(first));
      const linked = expectConnected(await subject.orchestrator.requestAccount(second));
      expect(linked.accountId).toBe(known.accountId);
    });

    check("is refused with a signature that is worth nothing", async () => {
      const before = await subject.count("accounts");
      const answer = await subject.stranger.requestAccount(newRequest());
      expect(answer.kind).toBe("refused");
      expect(await subject.count("accounts")).toBe(before);
    });

    check("refreshes credentials; a refresh token is good for one use", async () => {
      const { refreshToken, accountId } = expectConnected(
        await subject.orchestrator.requestAccount(newRequest()),
      );
      const fresh = expectConnected(await subject.orchestrator.refresh(refreshToken));
      expect(fresh.accountId).toBe(accountId);
      expect((await subject.orchestrator.refresh(refreshToken)).kind).toBe("refused");
      expect((await subject.orchestrator.refresh(fresh.refreshToken)).kind).toBe("connected");
    });

    check("creates a resource, and the same one for the same id", async () => {
      const accessToken = await connect();
      const before = await subject.count("resources");
      const input = { accessToken, resourceId: `own-${serial}`, ...subject.free };
      const first = await subject.orchestrator.createResource(input);
      const second = await subject.orchestrator.createResource(input);
      expect(first.kind).toBe("complete");
      expect(second).toMatchObject({ kind: "complete", id: "id" in first ? first.id : "" });
      expect(await subject.count("resources")).toBe(before + 1);
    });

    for (const how of ["answer", "request"] as const)
      check(`calls a resource unknown when the ${how} is lost, and finds one again`, async () => {
        const accessToken = await connect();
        const before = await subject.count("resources");
        const input = { accessToken, resourceId: `own-${serial}`, ...subject.free };
        await subject.lose("resource", how);
        expect((await subject.orchestrator.createResource(input)).kind).toBe("unknown");
        expect((await subject.orchestrator.createResource(input)).kind).toBe("complete");
        expect(await subject.count("resources")).toBe(before + 1);
      });

    check("gets a paid resource only with a payment token", async () => {
      const accessToken = await connect();
      const input = { accessToken, ...subject.paid };
      const bare = { ...input, resourceId: `bare-${serial}` };
      expect((await subject.orchestrator.createResource(bare)).kind).toBe("refused");
      const paymentToken = await subject.mintPaymentToken();
      const paid = { ...input, resourceId: `paid-${serial}`, paymentToken };
      expect((await subject.orchestrator.createResource(paid)).kind).toBe("complete");
    });

    check(
      "presents another payment token for a resource that exists, harmlessly again",
      async () => {
        const accessToken = await connect();
        const created = await subject.orchestrator.createResource({
          ...{
            accessToken,
            resourceId: `plan-${serial}`,
            paymentToken: await subject.mintPaymentToken(),
          },
          ...subject.free,
        });
        if (created.kind !== "complete") throw new Error(created.kind);
        const paymentToken = await subject.mintPaymentToken();
        const input = { accessToken, id: created.id, paymentToken };
        for (let repeat = 0; repeat < 2; repeat++)
          expect(await subject.orchestrator.presentPayment(input)).toMatchObject({
            kind: "complete",
            id: created.id,
          });
        const nonsense = { ...input, paymentToken: new Secret("spt_0000000000") };
        expect((await subject.orchestrator.presentPayment(nonsense)).kind).toBe("refused");
      },
    );

    check("reads, rotates and removes; removal is proved by reading back", async () => {
      const accessToken = await connect();
      const paymentToken = await subject.mintPaymentToken();
      const created = await subject.orchestrator.createResource({
        ...{ accessToken, paymentToken, resourceId: `life-${serial}` },
        ...subject.paid,
      });
      if (created.kind !== "complete") throw new Error(created.kind);
      const { id } = created;
      expect(await subject.orchestrator.readResource({ accessToken, id })).toMatchObject({
        kind: "complete",
        id,
      });
      const rotated = await subject.orchestrator.rotateResource({ accessToken, id });
      expect(rotated.kind).toBe("complete");
      if (rotated.kind === "complete")
        expect(reveal(rotated.access)).not.toEqual(reveal(created.access));
      let removed = await subject.orchestrator.removeResource({ accessToken, id });
      if (removed.kind === "pending")
        removed = await subject.orchestrator.readResource({ accessToken, id });
      expect(["removed", "absent"]).toContain(removed.kind);
      const again = await subject.orchestrator.removeResource({ accessToken, id });
      expect(["removed", "absent"]).toContain(again.kind);
    });

    check("sees an unknown resource as absent, and nothing without a credential", async () => {
      const accessToken = await connect();
      const id = "res_0000";
      expect(await subject.orchestrator.readResource({ accessToken, id })).toEqual({
        kind: "absent",
      });
      const nobody = { accessToken: new Secret("nobody-nobody"), id };
      expect((await subject.orchestrator.readResource(nobody)).kind).toBe("unknown");
    });

    check("exchanges a code for the account", async () => {
      await subject.useCodes();
      const request = newRequest();
      const before = await subject.count("accounts");
      const first = expectConnected(await subject.orchestrator.requestAccount(request));
      const second = expectConnected(await subject.orchestrator.requestAccount(request));
      expect(second.accountId).toBe(first.accountId);
      expect(await subject.count("accounts")).toBe(before + 1);
    });
  });
}

function expectConnected(answer: AccountAnswer) {
  expect(answer.kind).toBe("connected");
  if (answer.kind !== "connected") throw new Error(answer.kind);
  return answer.credentials;
}

function reveal(access: Readonly<Record<string, Secret>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(access).map(([name, value]) => [name, value.reveal()]));
}
