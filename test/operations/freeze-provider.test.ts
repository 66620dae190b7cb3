import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freezeSpending, unfreezeSpending } from "../../src/operations/freeze-spending.ts";
import { listLeases } from "../../src/operations/list-leases.ts";
import { askFor, begin, prepareArena } from "../support/arena-session.ts";

async function prepareAccount() {
  const arena = await prepareArena();
  const session = await begin(arena.open());
  const made = await askFor(session, "account", "cloudflare.account", {
    ...{ provider: "cloudflare", orchestrators: ["stripe"], agent: "mallory" },
    principal: "owner@example.com",
  });
  expect(made).toMatchObject({ ok: true });
  await session.broker.freeze("booked", "by_hand");
  await session.close();
  return arena;
}

it("freezes no provider that nobody knows, says which one may be meant, and does nothing", async () => {
  const { workplace, root } = await prepareAccount();
  for (const isBroken of [false, true]) {
    if (isBroken) writeFileSync(join(root, "supercargo.yaml"), "name: [");
    const refused = await freezeSpending(workplace, { provider: "cloudflrae" });
    expect(refused).toMatchObject({
      ok: false,
      failure: { kind: "usage", code: "no-such-provider" },
    });
    expect(refused.ok ? "" : refused.failure.remedy).toContain("`cloudflare`");
    expect(await freezeSpending(workplace, { provider: "Cloudflare" })).toMatchObject({
      ok: false,
    });
  }
  const listed = await listLeases(workplace, {});
  if (!listed.ok) throw new Error(listed.failure.message);
  expect(listed.data.frozen).toHaveLength(1);
  expect(listed.data.leases.map(({ state }) => state)).not.toContain("revoked");
});

it("promise 8: a freeze needs no manifest that compiles: catalogue and ledger know whom it stops", async () => {
  const { workplace, root } = await prepareAccount();
  writeFileSync(join(root, "supercargo.yaml"), "name: [");
  for (const provider of ["cloudflare", "neon", "booked", "all"])
    expect(await freezeSpending(workplace, { provider }), provider).toMatchObject({ ok: true });
});

it("freezes what might be real when the ledger's words can't be read", async () => {
  const { workplace } = await prepareAccount();
  const env = { ...workplace.env, SUPERCARGO_LOCAL_LEDGER_URL: "postgres://127.0.0.1:1/none" };
  const failed = await freezeSpending({ ...workplace, env }, { provider: "cloudflrae" });
  // It is the ledger that says no, not the name.
  expect(failed).toMatchObject({ ok: false, failure: { kind: "remote" } });
});

it("ends no freeze of a provider that isn't frozen, and says which one may be meant", async () => {
  const { workplace } = await prepareAccount();
  let asked = 0;
  const confirm = async () => {
    asked += 1;
    return true;
  };
  const refused = await unfreezeSpending(workplace, { provider: "boooked", confirm });
  expect(refused).toMatchObject({ ok: false, failure: { kind: "usage", code: "not-frozen" } });
  expect(refused.ok ? "" : refused.failure.remedy).toContain("`booked`");
  expect(asked).toBe(0);
  expect(await unfreezeSpending(workplace, { provider: "booked", confirm })).toMatchObject({
    ok: true,
  });
  expect(await unfreezeSpending(workplace, { provider: "booked", confirm })).toMatchObject({
    ok: false,
    failure: { remedy: "Nothing is frozen." },
  });
  expect(asked).toBe(1);
});
