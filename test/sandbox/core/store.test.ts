import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../src/sandbox/store.ts";
import { makeHome } from "./support/test-sandbox.ts";

function makeFile(): string {
  const home = makeHome();
  mkdirSync(home);
  return join(home, "state.sqlite");
}

describe("the store", () => {
  it("keeps documents and their first order over a restart", () => {
    const file = makeFile();
    const before = openStore(file);
    const things = before.collection<{ name: string }>("things");
    for (const id of ["c", "a", "b"]) things.put(id, { name: id });
    things.put("c", { name: "changed" });
    expect(things.delete("a")).toBe(true);
    expect(things.delete("a")).toBe(false);
    before.close();
    const after = openStore(file);
    expect(after.collection("things").list()).toEqual([{ name: "changed" }, { name: "b" }]);
    expect(after.collection("others").list()).toEqual([]);
    after.close();
  });

  it("undoes a whole transaction when its work throws, the joined inner one included", () => {
    const store = openStore(makeFile());
    const things = store.collection<number>("things");
    expect(() =>
      store.transaction(() => {
        things.put("outer", 1);
        store.transaction(() => things.put("inner", 2));
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(things.list()).toEqual([]);
    store.transaction(() => things.put("next", 3));
    expect(things.get("next")).toBe(3);
    store.close();
  });

  it("is held by one connection at a time and is readable by its owner alone", () => {
    const file = makeFile();
    const first = openStore(file);
    expect(() => openStore(file)).toThrow(expect.objectContaining({ code: "home-in-use" }));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    first.close();
    openStore(file).close();
  });
});
