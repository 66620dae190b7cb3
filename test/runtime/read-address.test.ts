import { expect, test } from "vitest";
import { readAddress } from "../../src/runtime/read-address.ts";

test("a program listens on port 8080 of all addresses unless it is told otherwise", () => {
  expect(readAddress({})).toEqual({ host: "0.0.0.0", port: 8080 });
  expect(readAddress({ HOST: "127.0.0.1" })).toEqual({ host: "127.0.0.1", port: 8080 });
  const ports = ["0", "80", "65535"].map((PORT) => readAddress({ PORT }).port);
  expect(ports).toEqual([0, 80, 65_535]);
});

test.each(["", " ", "65536", "99999", "-1", "80.5", "0x50", "1e3", "http"])(
  "what is no port is refused: `%s`",
  (PORT) => {
    expect(() => readAddress({ PORT })).toThrow(
      new TypeError(
        "the environment variable PORT holds no port, which is a number from 0 to 65535",
      ),
    );
  },
);

test("an empty host is none", () => {
  expect(() => readAddress({ HOST: "" })).toThrow("the environment variable HOST is empty");
});
