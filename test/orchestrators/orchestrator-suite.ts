import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import type {
  AccountAnswer,
  AccountRequest,
  Orchestrator,
  OrchestratorProfile,
} from "../../src/adapters/orchestrators/contract.ts";
import { readPricing } from "../../src/catalog/read-pricing.ts";
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
  mintPaymentToken?(): Promise<Secret>;
  /** The provider has an account of this person that this orchestrator did not ask for. Answers with the provider's id of it. */
  makeAccount?(email: string): Promise<string>;
  /** The next call of this sort happens, but its answer is lost; or does not happen at all. */
  lose(call: "account" | "resource", how: "answer" | "request"): Promise<void>;
  /** From now on accounts are handed out as a code to exchange. */
  useCodes?(): Promise<void>;
  /** What must be there before a person can be given an account, where anything must. */
  prepare?(email: string): Promise<void>;
  /** A person says yes on the page behind the link. */
  consent?(url: string, decision: "allow" | "deny", email: string): Promise<void>;
  count(what: "accounts" | "resources"): Promise<number>;
  close(): Promise<void>;
}

/**
 * What every orchestrator adapter MUST do. What an adapter declares not to do is left out, as is a state that a subject cannot be put into, with a written
 * reason; both are printed.
 */
export function testOrchestrator(
  name: string,
  { capabilities }: Pick<OrchestratorProfile, "capabilities">,
  open: () => Promise<OrchestratorSubject>,
  skip: Readonly<Record<string, string>> = {},
): void {
  describe(name, () => {
    let subject: OrchestratorSubject;
    let serial = 0;
    beforeAll(async () => {
      subject = await open();
    });
    const unused = new Set(Object.keys(skip));
    afterAll(async () => {
      await subject.close();
      expect([...unused], "a skip that skips nothing").toEqual([]);
    });
    const check = (
      title: string,
      work: (context: TestContext) => Promise<void>,
      missing?: string,
    ): void => {
      const reason = skip[title] ?? missing;
      unused.delete(title);
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
    const mint = async (): Promise<Secret> =>
      (await subject.mintPaymentToken?.()) ?? new Secret("held-against-the-caps");
    /** Asks for an account, and consents where that is always needed. */
    const obtain = async (request: AccountRequest): Promise<AccountAnswer> => {
      const answer = await subject.orchestrator.requestAccount(request);
      if (answer.kind !== "consent") return answer;
      await subject.consent?.(answer.url, "allow", request.email);
      return subject.orchestrator.requestAccount(request);
    };
    const connect = async (): Promise<Secret> =>
      expectConnected(await obtain(await newPerson())).accessToken;
    /** The request of somebody whom the provider can give an account. */
    const newPerson = async () => {
      const request = newRequest();
      await subject.prepare?.(request.email);
      return request;
    };

    const needs = (
      capability: "provisions" | "links" | "lists" | "rotates" | "endsSessions" | "needsClaim",
    ) => (capabilities[capability] ? undefined : `declares ${capability}: false`);

    check("declares what it can do", async () => {
      const { orchestrator } = subject;
      expect(orchestrator.capabilities).toEqual(capabilities);
      expect(orchestrator.listResources !== undefined).toBe(capabilities.lists);
      expect(orchestrator.endSession !== undefined).toBe(capabilities.endsSessions);
    });

    check("is healthy", async () => {
      expect(await subject.orchestrator.isHealthy()).toBe(true);
      expect(await subject.stranger.isHealthy()).toBe(false);
    });

    check("gets an account, and the same one for the same request", async () => {
      const request = newRequest();
      const before = await subject.count("accounts");
      await subject.prepare?.(request.email);
      const first = expectConnected(await obtain(request));
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
      const request = newRequest();
      const known = await subject.makeAccount?.(request.email);
      const before = await subject.count("accounts");
      const answer = await subject.orchestrator.requestAccount(request);
      if (answer.kind !== "consent") throw new Error(answer.kind);
      expect(URL.canParse(answer.url)).toBe(true);
      expect((await subject.orchestrator.requestAccount(request)).kind).toBe("consent");
      const again = await subject.orchestrator.requestAccount(request);
      await subject.consent?.(
        again.kind === "consent" ? again.url : answer.url,
        "allow",
        request.email,
      );
      const linked = expectConnected(await subject.orchestrator.requestAccount(request));
      expect(linked.accountId).toBe(known);
      expect(await subject.count("accounts")).toBe(before);
    });

    check("takes a person's no for an answer", async () => {
      const request = newRequest();
      await subject.makeAccount?.(request.email);
      const answer = await subject.orchestrator.requestAccount(request);
      if (answer.kind !== "consent") throw new Error(answer.kind);
      await subject.consent?.(answer.url, "deny", request.email);
      const after = await subject.orchestrator.requestAccount(request);
      expect(["refused", "consent"]).toContain(after.kind);
      if (after.kind === "refused") expect(after.code).toBe("access_denied");
    });

    check(
      "opens an account that exists, and never makes one, when it is told to link",
      async () => {
        const request = { ...newRequest(), mode: "link" as const };
        const before = await subject.count("accounts");
        expect(await subject.orchestrator.requestAccount(request)).toMatchObject({
          kind: "refused",
          code: "account_not_found",
        });
        expect(await subject.count("accounts")).toBe(before);
        const { requestId, email } = newRequest();
        await subject.makeAccount?.(email);
        const link = { ...request, requestId, email };
        let answer = await subject.orchestrator.requestAccount(link);
        if (answer.kind === "consent") {
          await subject.consent?.(answer.url, "allow", email);
          answer = await subject.orchestrator.requestAccount(link);
        }
        expectConnected(answer);
        expect(await subject.count("accounts")).toBe(before + 1);
      },
      needs("links"),
    );

    check(
      "ends a session, harmlessly again",
      async () => {
        const credentials = expectConnected(await obtain(await newPerson()));
        for (let repeat = 0; repeat < 2; repeat++)
          expect(await subject.orchestrator.endSession?.(credentials)).toEqual({ kind: "ended" });
        const { accessToken } = credentials;
        const seen = await subject.orchestrator.readResource({ accessToken, id: "res_0000" });
        expect(seen.kind).not.toBe("complete");
      },
      needs("endsSessions"),
    );

    check(
      "tells until when an account must be claimed, and keeps the link secret",
      async () => {
        const answer = await subject.orchestrator.requestAccount(newRequest());
        const credentials = expectConnected(answer);
        if (answer.kind !== "connected" || answer.claim === undefined) throw new Error("no claim");
        expect(Date.parse(answer.claim.expiresAt)).toBeGreaterThan(Date.now());
        const made = await subject.orchestrator.makeClaimLink?.(credentials);
        const link = made?.kind === "link" ? made.url : answer.claim.url;
        if (link === undefined) throw new Error("no link");
        expect(URL.canParse(link.reveal())).toBe(true);
        expect(JSON.stringify([answer, made])).not.toContain(link.reveal());
      },
      needs("needsClaim"),
    );

    check(
      "lists what was created",
      async () => {
        const accessToken = await connect();
        const input = { accessToken, resourceId: `listed-${serial}`, ...subject.free };
        const created = await subject.orchestrator.createResource(input);
        if (created.kind !== "complete") throw new Error(created.kind);
        const listed = await subject.orchestrator.listResources?.({ accessToken });
        expect(listed).toMatchObject({
          kind: "listed",
          resources: expect.arrayContaining([
            { id: created.id, service: expect.stringContaining(subject.free.service) },
          ]),
        });
      },
      needs("lists"),
    );

    check("is refused with a signature that is worth nothing", async () => {
      const before = await subject.count("accounts");
      const answer = await subject.stranger.requestAccount(newRequest());
      expect(answer.kind).toBe("refused");
      expect(await subject.count("accounts")).toBe(before);
    });

    check("refreshes credentials; a refresh token is good for one use", async () => {
      const { refreshToken, accountId } = expectConnected(await obtain(await newPerson()));
      if (refreshToken === undefined) throw new Error("no refresh token");
      const fresh = expectConnected(await subject.orchestrator.refresh(refreshToken));
      expect(fresh.accountId).toBe(accountId);
      expect((await subject.orchestrator.refresh(refreshToken)).kind).toBe("refused");
      if (fresh.refreshToken === undefined) throw new Error("no refresh token");
      expect((await subject.orchestrator.refresh(fresh.refreshToken)).kind).toBe("connected");
    });

    check(
      "creates a resource, and the same one for the same id",
      async () => {
        const accessToken = await connect();
        const before = await subject.count("resources");
        const input = { accessToken, resourceId: `own-${serial}`, ...subject.free };
        const first = await subject.orchestrator.createResource(input);
        const second = await subject.orchestrator.createResource(input);
        expect(first.kind).toBe("complete");
        expect(second).toMatchObject({ kind: "complete", id: "id" in first ? first.id : "" });
        expect(await subject.count("resources")).toBe(before + 1);
      },
      needs("provisions"),
    );

    for (const how of ["answer", "request"] as const)
      check(
        `calls a resource unknown when the ${how} is lost, and finds one again`,
        async () => {
          const accessToken = await connect();
          const before = await subject.count("resources");
          const input = { accessToken, resourceId: `own-${serial}`, ...subject.free };
          await subject.lose("resource", how);
          expect((await subject.orchestrator.createResource(input)).kind).toBe("unknown");
          expect((await subject.orchestrator.createResource(input)).kind).toBe("complete");
          expect(await subject.count("resources")).toBe(before + 1);
        },
        needs("provisions"),
      );

    check(
      "gets a paid resource only with a payment token",
      async () => {
        const accessToken = await connect();
        const input = { accessToken, ...subject.paid };
        const bare = { ...input, resourceId: `bare-${serial}` };
        expect((await subject.orchestrator.createResource(bare)).kind).toBe("refused");
        const paymentToken = await mint();
        const paid = { ...input, resourceId: `paid-${serial}`, paymentToken };
        expect((await subject.orchestrator.createResource(paid)).kind).toBe("complete");
      },
      needs("provisions"),
    );

    check(
      "presents another payment token for a resource that exists, harmlessly again",
      async () => {
        const accessToken = await connect();
        const created = await subject.orchestrator.createResource({
          ...{
            accessToken,
            resourceId: `plan-${serial}`,
            paymentToken: await mint(),
          },
          ...subject.free,
        });
        if (created.kind !== "complete") throw new Error(created.kind);
        const paymentToken = await mint();
        const input = { accessToken, id: created.id, paymentToken };
        for (let repeat = 0; repeat < 2; repeat++)
          expect(await subject.orchestrator.presentPayment(input)).toMatchObject({
            kind: "complete",
            id: created.id,
          });
        const nonsense = { ...input, paymentToken: new Secret("spt_0000000000") };
        expect((await subject.orchestrator.presentPayment(nonsense)).kind).toBe("refused");
      },
      needs("provisions"),
    );

    check(
      "reads, rotates and removes; removal is proved by reading back",
      async () => {
        const accessToken = await connect();
        const paymentToken = await mint();
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
        expect(rotated.kind).toBe(capabilities.rotates ? "complete" : "refused");
        if (rotated.kind === "complete")
          expect(reveal(rotated.access)).not.toEqual(reveal(created.access));
        let removed = await subject.orchestrator.removeResource({ accessToken, id });
        if (removed.kind === "pending")
          removed = await subject.orchestrator.readResource({ accessToken, id });
        expect(["removed", "absent"]).toContain(removed.kind);
        const again = await subject.orchestrator.removeResource({ accessToken, id });
        expect(["removed", "absent"]).toContain(again.kind);
      },
      needs("provisions"),
    );

    check(
      "sees an unknown resource as absent, and nothing without a credential",
      async () => {
        const accessToken = await connect();
        const id = "res_0000";
        expect(await subject.orchestrator.readResource({ accessToken, id })).toEqual({
          kind: "absent",
        });
        const nobody = { accessToken: new Secret("nobody-nobody"), id };
        expect((await subject.orchestrator.readResource(nobody)).kind).toBe("unknown");
      },
      needs("provisions"),
    );

    check("says what a service costs there now, and which is not offered", async ({ skip }) => {
      const ask = subject.orchestrator.readPricing;
      if (ask === undefined) return skip("nobody can be asked for a price");
      await connect();
      const pricesOf = async (service: string) => {
        const answer = await ask(service);
        if (answer.kind !== "listed") throw new Error(JSON.stringify(answer));
        const { prices, isReadable } = readPricing(answer.pricing);
        expect(isReadable).toBe(true);
        return prices;
      };
      expect(
        (await pricesOf(subject.free.service)).some(({ price }) => price.kind === "free"),
      ).toBe(true);
      expect((await pricesOf(subject.paid.service)).some(({ text }) => text !== "")).toBe(true);
      expect(await ask("no-such-service")).toEqual({ kind: "absent" });
    });

    check("signs a person in at the dashboard by a link that is kept secret", async ({ skip }) => {
      const { openDashboard } = subject.orchestrator;
      if (openDashboard === undefined) return skip("there are no such links");
      const accessToken = await connect();
      const answer = await openDashboard({ accessToken });
      if (answer.kind !== "link") throw new Error(answer.code);
      expect(Date.parse(answer.expiresAt)).toBeGreaterThan(Date.now());
      expect(JSON.stringify(answer)).not.toContain(answer.url.reveal());
      // A link that works once is a new one each time.
      const again = await openDashboard({ accessToken });
      expect(again.kind === "link" && again.url.reveal()).not.toBe(answer.url.reveal());
      const nobody = await openDashboard({ accessToken: new Secret("nobody-nobody") });
      expect(nobody.kind).not.toBe("link");
    });

    check("exchanges a code for the account", async () => {
      await subject.useCodes?.();
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
