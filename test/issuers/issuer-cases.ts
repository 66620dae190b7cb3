import { expect } from "vitest";
import type { IssuerCapabilities } from "../../src/adapters/issuers/contract.ts";
import { Secret } from "../../src/util/secret.ts";
import type { IssuerDesk } from "./issuer-desk.ts";

export interface IssuerCase {
  readonly title: string;
  /** Left out, with that as its reason, where it is declared false. */
  readonly needs?: "amountCap" | "expiry" | "revocation" | "webhook";
  run(desk: IssuerDesk, capabilities: IssuerCapabilities): Promise<void>;
}

const DAY = 86_400_000;

/** What every issuer adapter MUST do. */
export const ISSUER_CASES: readonly IssuerCase[] = [
  {
    title: "tells whether it answers us",
    async run({ issuer, stranger }) {
      expect(await issuer.isHealthy?.()).toBe(true);
      expect(await stranger.isHealthy?.()).toBe(false);
    },
  },
  {
    title: "issues a token, and the same one for the same key",
    async run({ issuer, order, count }) {
      const before = await count();
      const input = order();
      const first = await issuer.issue(input);
      const second = await issuer.issue(input);
      if (first.kind !== "issued" || second.kind !== "issued") throw new Error(first.kind);
      expect(second.token.reveal()).toBe(first.token.reveal());
      expect(first.reference).not.toContain(first.token.reveal());
      expect(Date.parse(first.expiresAt)).toBeLessThanOrEqual(Date.parse(input.expiresAt));
      expect(await count()).toBe(before + 1);
    },
  },
  ...(["answer", "request"] as const).map(
    (how): IssuerCase => ({
      title: `makes one token although the ${how} is lost`,
      async run({ issuer, order, lose, count }) {
        const before = await count();
        const input = order();
        await lose(how);
        const first = await issuer.issue(input);
        expect(["unknown", "issued"]).toContain(first.kind);
        const second = await issuer.issue(input);
        expect(second.kind).toBe("issued");
        expect(await count()).toBe(before + 1);
      },
    }),
  ),
  {
    title: "never makes anything of the same key with another amount",
    needs: "amountCap",
    async run({ issuer, order, count }) {
      const before = await count();
      const input = order();
      expect((await issuer.issue(input)).kind).toBe("issued");
      const more = { ...input, cap: { ...input.cap, minor: 9000n } };
      expect((await issuer.issue(more)).kind).toBe("unknown");
      expect(await count()).toBe(before + 1);
    },
  },
  {
    title: "is refused with a key that is worth nothing",
    async run({ stranger, order, count }) {
      const before = await count();
      expect((await stranger.issue(order())).kind).toBe("refused");
      expect(await count()).toBe(before);
    },
  },
  {
    title: "shows what was captured, and that the cap holds",
    async run({ issuer, issue, charge, currency }, { amountCap }) {
      const token = await issue(1500n);
      const nothing = { currency, minor: 0n };
      expect(await issuer.read(token)).toMatchObject({ kind: "active", captured: nothing });
      expect(await charge(token, 1044n)).toBe(true);
      expect(await issuer.read(token)).toMatchObject({
        kind: "active",
        captured: { minor: 1044n },
      });
      if (amountCap) expect(await charge(token, 457n)).toBe(false);
    },
  },
  {
    title: "is good for one charge or for several, as it declares",
    async run({ issue, hand, chargeWith }, { singleUse }) {
      const credential = await hand(await issue());
      expect(await chargeWith(credential, 100n)).toBe(true);
      expect(await chargeWith(credential, 100n)).toBe(!singleUse);
    },
  },
  {
    title: "is charged in another currency or is not, as it declares",
    async run({ issue, hand, chargeWith, currency: own }, { currency }) {
      const credential = await hand(await issue());
      const other = own === "EUR" ? "GBP" : "EUR";
      expect(await chargeWith(credential, 100n, { currency: other })).toBe(!currency);
    },
  },
  {
    title: "is charged by its payee alone, by a category or by anyone, as it declares",
    async run({ issue, hand, chargeWith, otherPayee }, { payee }) {
      const stolen = await hand(await issue());
      expect(await chargeWith(stolen, 100n, { seller: "another" })).toBe(payee !== "one");
      const foreign = await hand(await issue(500n, { payee: otherPayee }), otherPayee);
      expect(await chargeWith(foreign, 100n)).toBe(payee === "anyone");
    },
  },
  {
    title: "has its whole amount again after a month or has not, as it declares",
    needs: "amountCap",
    async run({ order, issue, charge, advance }, { resets }) {
      const expiresAt = new Date(Date.parse(order().expiresAt) + 40 * DAY).toISOString();
      const token = await issue(1500n, { expiresAt });
      expect(await charge(token, 1000n)).toBe(true);
      await advance(32 * DAY);
      expect(await charge(token, 100n)).toBe(true);
      expect(await charge(token, 900n)).toBe(resets);
    },
  },
  {
    title: "revokes; again is harmless, and nothing can be charged any more",
    needs: "revocation",
    async run({ issuer, issue, hand, chargeWith, gone }) {
      const token = await issue();
      const credential = await hand(token);
      expect((await issuer.revoke(token)).kind).toBe(gone);
      expect((await issuer.revoke(token)).kind).toBe(gone);
      expect((await issuer.read(token)).kind).toBe(gone);
      expect(await chargeWith(credential, 100n)).toBe(false);
    },
  },
  {
    title: "calls a token that never was absent",
    async run({ issuer }) {
      for (const text of ["spt_0000000000", "nonsense", "../v1/charges"]) {
        expect(await issuer.read(new Secret(text))).toEqual({ kind: "absent" });
        expect(await issuer.revoke(new Secret(text))).toEqual({ kind: "absent" });
      }
    },
  },
  {
    title: "gives nothing to charge with for a token that never was, nor for nonsense",
    async run({ issuer, order, payee, chargeWith }) {
      for (const text of ["nonsense", "../v1/charges"]) {
        const token = new Secret(text);
        // Where nothing is revealed, the payee is given the token itself.
        if (issuer.reveal === undefined) expect(await chargeWith(token, 100n)).toBe(false);
        else {
          const answer = await issuer.reveal(token, { payee, expiresAt: order().expiresAt });
          expect(answer.kind).toBe("refused");
        }
      }
    },
  },
  {
    title: "believes a webhook by its signature alone",
    needs: "webhook",
    async run({ issuer, issue, signWebhook }) {
      const message = await signWebhook(await issue());
      const answer = await issuer.readWebhook?.(message);
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
        expect(await issuer.readWebhook?.(one)).toMatchObject({ kind: "refused" });
    },
  },
  {
    title: "lets a token end at its time",
    needs: "expiry",
    async run({ issuer, issue, hand, chargeWith, advance }) {
      const token = await issue();
      const credential = await hand(token);
      await advance(3_700_000);
      expect((await issuer.read(token)).kind).toBe("deactivated");
      expect(await chargeWith(credential, 100n)).toBe(false);
    },
  },
];
