import { expect, test } from "vitest";
import { readPort } from "../../src/runtime/read-port.ts";

test("the port is 8080 unless a number says otherwise", () => {
  expect(readPort({})).toBe(8080);
  expect(["0", "80", "65535"].map((PORT) => readPort({ PORT }))).toEqual([0, 80, 65_535]);
});

test.each(["", " ", "65536", "99999", "-1", "80.5", "0x50", "1e3", "http"])(
  "what is no port is refused: `%s`",
  (PORT) => {
    expect(() => readPort({ PORT })).toThrow(
      new TypeError(
        "the environment variable PORT holds no port, which is a number from 0 to 65535",
      ),
    );
  },
);
