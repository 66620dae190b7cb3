import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Model } from "../../src/compiler/2-model/model.ts";
import { stackKind } from "../../src/compiler/4-emit/crossplane/stack-definition.ts";

const kindOf = (name: string): string => stackKind({ name } as Model).kind;
/** Names of few characters, which are like each other. */
const name = fc.stringMatching(/^[ab][ab12-]{0,7}$/);
const anyName = fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/);

describe("the kind of a project's stacks", () => {
  test("is the project's words where they tell its name", () => {
    expect(["storefront", "my-shop", "shop2", "a-b", "x1-y2z"].map(kindOf)).toEqual([
      ...["Storefront", "MyShop", "Shop2", "AB", "X1Y2z"],
    ]);
  });

  test("is one project's alone", () => {
    const names = [
      "shop-2",
      "shop2",
      "a-b",
      "a--b",
      "a-b-",
      "ab",
      "sh-op2",
      "shop-2-",
      "shop-list",
    ];
    expect(new Set(names.map(kindOf)).size).toBe(names.length);
    // The kind of a list of another project's stacks.
    expect(kindOf("shop-list")).not.toBe(`${kindOf("shop")}List`);
    // Nobody gets another's kind by a name that is made for it.
    const hashed = kindOf("shop-2");
    const alike = hashed.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    expect(kindOf(alike)).not.toBe(hashed);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 50, maxLength: 400 }), (many) => {
        expect(new Set(many.map(kindOf)).size).toBe(many.length);
      }),
    );
  });

  test("and its list's are labels that a cluster takes", () => {
    fc.assert(
      fc.property(fc.oneof(name, anyName), (one) => {
        expect(`${kindOf(one)}List`).toMatch(/^[A-Z][A-Za-z0-9]{0,62}$/);
      }),
    );
    expect(kindOf("a".repeat(63))).not.toBe(kindOf(`${"a".repeat(62)}b`));
  });
});
