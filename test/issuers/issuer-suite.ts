import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Issuer, IssuerProfile, WebhookMessage } from "../../src/adapters/issuers/contract.ts";
import { Secret } from "../../src/util/secret.ts";

/** One issuer, and hands to break and inspect it with. */
export interface IssuerSubject {
  readonly issuer: Issuer;
  /** The same issuer, asked with a key that is worth nothing. */
  readonly stranger: Issuer;
  readonly payee: string;
  /** A currency that it takes. */
  readonly currency: string;
  /** The next issue happens, but its answer is lost; or does not happen at all. */
  lose(how: "answer" | "request"): Promise<void>;
  /** The payee takes money with what it was given: the token, or what the issuer reveals for it. */
  charge(credential: Secret, minor: bigint): Promise<boolean>;
  /** A webhook of the issuer about a token that was used up or ended, rightly signed; absent where there are none. */
  signWebhook?(token: Secret): Promise<WebhookMessage>;
  /** Tokens that exist. */
  count(): Promise<number>;
  /** Lets the issuer's time pass. */
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** What every issuer adapter MUST do. What its capabilities deny is left out by itself; anything else needs a written reason. */
export function testIssuer(
  issuerProfile: IssuerProfile,
  open: () => Promise<IssuerSubject>,
  skip: Readonly<Record<string, string>> = {},
): void {
  describe(`${issuerProfile.id}, against the sandbox`, () => {
    let subject: IssuerSubject;
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
    const order = (minor = 6000n) => {
      serial += 1;
      return {
        key: `key-${serial}`,
        payee: subject.payee,
        cap: { currency: subject.currency, minor },
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      };
    };
    const issue = async (minor?: bigint): Promise<Secret> => {
      const answer = await subject.issuer.issue(order(minor));
      if (answer.kind !== "issued") throw new Error(`${answer.kind}: ${answer.code}`);
      return answer.token;
    };

    const { capabilities } = issuerProfile;

    /** What the payee is given for a token. */
    const hand = async (token: Secret): Promise<Secret> => {
      if (subject.issuer.reveal === undefined) return token;
      const terms = { payee: subject.payee, expiresAt: order().expiresAt };
      const answer = await subject.issuer.reveal(token, terms);
      if (answer.kind !== "revealed") throw new Error(`${answer.kind}: ${answer.code}`);
      return answer.credential;
    };
    const charge = async (token: Secret, minor: bigint): Promise<boolean> =>
      subject.charge(await hand(token), minor);

    it("is the issuer of its profile", () => {
      expect(subject.issuer.id).toBe(issuerProfile.id);
      expect(subject.issuer.capabilities).toEqual(capabilities);
    });

    check("tells whether it answers us", async () => {
      expect(await subject.issuer.isHealthy?.()).not.toBe(false);
      expect(await subject.stranger.isHealthy?.()).not.toBe(true);
    });

    check("issues a token, and the same one for the same key", async () => {
      const before = await subject.count();
      const input = order();
      const first = await subject.issuer.issue(input);
      const second = await subject.issuer.issue(input);
      if (first.kind !== "issued" || second.kind !== "issued") throw new Error(first.kind);
      expect(second.token.reveal()).toBe(first.token.reveal());
      expect(first.reference).not.toContain(first.token.reveal());
      expect(Date.parse(first.expiresAt)).toBeLessThanOrEqual(Date.parse(input.expiresAt));
      expect(await subject.count()).toBe(before + 1);
    });

    for (const how of ["answer", "request"] as const)
      check(`makes one token although the ${how} is lost`, async () => {
        const before = await subject.count();
        const input = order();
        await subject.lose(how);
        const first = await subject.issuer.issue(input);
        expect(["unknown", "issued"]).toContain(first.kind);
        const second = await subject.issuer.issue(input);
        expect(second.kind).toBe("issued");
        expect(await subject.count()).toBe(before + 1);
      });

    check("never makes anything of the same key with another amount", async () => {
      if (!capabilities.amountCap) return;
      const before = await subject.count();
      const input = order();
      expect((await subject.issuer.issue(input)).kind).toBe("issued");
      const more = { ...input, cap: { ...input.cap, minor: 9000n } };
      expect((await subject.issuer.issue(more)).kind).toBe("unknown");
      expect(await subject.count()).toBe(before + 1);
    });

    check("is refused with a key that is worth nothing", async () => {
      const before = await subject.count();
      expect((await subject.stranger.issue(order())).kind).toBe("refused");
      expect(await subject.count()).toBe(before);
    });

    check("shows what was captured, and that the cap holds", async () => {
      const token = await issue(1500n);
      const nothing = { currency: subject.currency, minor: 0n };
      expect(await subject.issuer.read(token)).toMatchObject({ kind: "active", captured: nothing });
      expect(await charge(token, 1044n)).toBe(true);
      expect(await subject.issuer.read(token)).toMatchObject({
        kind: "active",
        captured: { minor: 1044n },
      });
      if (capabilities.amountCap) expect(await charge(token, 457n)).toBe(false);
    });

    check("revokes; again is harmless, and nothing can be charged any more", async () => {
      if (!capabilities.revocation) return;
      const token = await issue();
      const credential = await hand(token);
      const gone = ["deactivated", "absent"];
      expect(gone).toContain((await subject.issuer.revoke(token)).kind);
      expect(gone).toContain((await subject.issuer.revoke(token)).kind);
      expect(gone).toContain((await subject.issuer.read(token)).kind);
      expect(await subject.charge(credential, 100n)).toBe(false);
    });

    check("calls a token that never was absent", async () => {
      for (const text of ["spt_0000000000", "nonsense", "../v1/charges"]) {
        expect(await subject.issuer.read(new Secret(text))).toEqual({ kind: "absent" });
        expect(await subject.issuer.revoke(new Secret(text))).toEqual({ kind: "absent" });
      }
    });

    check("reveals nothing of a token that never was, nor of nonsense", async () => {
      for (const text of ["nonsense", "../v1/charges"]) {
        const terms = { payee: subject.payee, expiresAt: order().expiresAt };
        const answer = await subject.issuer.reveal?.(new Secret(text), terms);
        if (answer !== undefined) expect(answer.kind).toBe("refused");
      }
    });

    check("believes a webhook by its signature alone", async () => {
      if (!capabilities.webhook) return;
      const token = await issue();
      const message = await subject.signWebhook?.(token);
      if (message === undefined) throw new Error("the subject signs no webhook");
      const answer = await subject.issuer.readWebhook?.(message);
      expect(answer).toMatchObject({ kind: "event" });
      expect(["used", "ended"]).toContain(answer?.kind === "event" ? answer.about : "");
      const forged = [
        { ...message, body: `${message.body} ` },
        // One that signs in the body has no header to leave out.
        ...(Object.keys(message.headers).length === 0 ? [] : [{ ...message, headers: {} }]),
        ...Object.keys(message.headers).map((name) => ({
          ...message,
          headers: { ...message.headers, [name]: `${message.headers[name]}0` },
        })),
      ];
      for (const one of forged)
        expect(await subject.issuer.readWebhook?.(one)).toMatchObject({ kind: "refused" });
    });

    check("lets a token end at its time", async () => {
      const token = await issue();
      const credential = await hand(token);
      await subject.advance(3_700_000);
      if (!capabilities.expiry) return;
      expect((await subject.issuer.read(token)).kind).toBe("deactivated");
      expect(await subject.charge(credential, 100n)).toBe(false);
    });
  });
}
