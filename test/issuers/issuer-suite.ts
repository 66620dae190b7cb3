import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IssuerProfile } from "../../src/adapters/issuers/contract.ts";
import { ISSUER_CASES } from "./issuer-cases.ts";
import { createDesk, type IssuerDesk } from "./issuer-desk.ts";
import type { IssuerSubject } from "./issuer-subject.ts";
import { listIdleSkips, listLeftOut, listPassed, type Skip } from "./left-out.ts";

/**
 * What every issuer adapter MUST do. What its capabilities deny is left out by itself; anything else needs a written reason. Both are printed, and only what
 * cannot be passed may be left out: each such case is run at the end, and has to fail.
 */
export function testIssuer(
  profile: IssuerProfile,
  open: () => Promise<IssuerSubject>,
  skip: Skip = {},
): void {
  describe(`${profile.id}, against the sandbox`, () => {
    const { capabilities } = profile;
    let subject: IssuerSubject;
    let desk: IssuerDesk;
    beforeAll(async () => {
      subject = await open();
      desk = createDesk(subject);
    });
    afterAll(() => subject.close());

    it("is the issuer of its profile", () => {
      expect(subject.issuer.id).toBe(profile.id);
      expect(subject.issuer.capabilities).toEqual(capabilities);
      const { amountCap, resets } = capabilities;
      expect(amountCap || !resets, "an amount that counts anew is one that is held").toBe(true);
    });

    const leftOut = listLeftOut(capabilities, skip);
    for (const one of ISSUER_CASES) {
      const reason = leftOut.get(one);
      if (reason === undefined) it(one.title, () => one.run(desk, capabilities));
      else it.skip(`${one.title} (${reason})`, () => undefined);
    }

    for (const [{ title }, reason] of leftOut)
      console.info(`${profile.id}: left out: ${title} (${reason})`);

    it("leaves out nothing but cases that it cannot pass", async () => {
      expect(listIdleSkips(capabilities, skip), "a skip that skips nothing").toEqual([]);
      expect(await listPassed(leftOut.keys(), desk, capabilities)).toEqual([]);
    });
  });
}
