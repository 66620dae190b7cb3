import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ENCODINGS, findLeaks } from "./find-leaks.ts";

describe("the leak detector", () => {
  const secrets = Array.from(
    { length: 25 },
    (_, index) => `canary-${index}-${randomBytes(24).toString("base64url")}`,
  );

  it.each(Object.keys(ENCODINGS))("finds every planted secret in the encoding %s", (encoding) => {
    for (const secret of secrets) {
      const planted = `{"some":"text ${ENCODINGS[encoding]?.(secret)} and more"}`;
      expect(findLeaks(new Map([["plant", planted]]), secrets)).toContainEqual(
        expect.objectContaining({ where: "plant", secret: `${secret.slice(0, 6)}...` }),
      );
    }
  });

  it("finds nothing where nothing was planted", () => {
    expect(
      findLeaks(new Map([["clean", randomBytes(100_000).toString("latin1")]]), secrets),
    ).toEqual([]);
  });
});
