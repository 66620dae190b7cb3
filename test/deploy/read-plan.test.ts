import { expect, it } from "vitest";
import { readPlan } from "../../src/deploy/opentofu/read-plan.ts";

const planOf = (actions: unknown, mode: unknown = "managed") => ({
  format_version: "1.2",
  resource_changes: [
    { address: "cloudflare_queue.outbox", mode, change: { actions, before: {}, after: {} } },
  ],
});

it.each([
  [["no-op"], "same"],
  [["create"], "create"],
  [["update"], "update"],
  [["delete"], "delete"],
  [["forget"], "delete"],
  [["delete", "create"], "replace"],
  [["create", "delete"], "replace"],
  [["forget", "create"], "replace"],
])("reads the actions %j as %s", (actions, operation) => {
  expect(readPlan(planOf(actions))?.steps).toMatchObject([
    { operation, urn: "cloudflare_queue::outbox" },
  ]);
});

it.each([
  [["Open"]],
  [["update", "delete"]],
  [["create", "forget"]],
  [["constructor"]],
  [[]],
  ["delete"],
  [undefined],
])(
  "refuses a plan with the actions %j, which may remove something that nobody would be asked about",
  (actions) => {
    expect(readPlan(planOf(actions))).toBeUndefined();
  },
);

it("refuses what is no plan instead of reading that nothing changes", () => {
  for (const plan of [undefined, null, {}, [], "", { resource_changes: [] }])
    expect(readPlan(plan)).toBeUndefined();
  expect(readPlan({ format_version: "1.2" })?.steps).toEqual([]);
});

it("leaves out what is only read, and nothing of which it does not say so", () => {
  expect(readPlan(planOf(["read"], "data"))?.steps).toEqual([]);
  expect(readPlan(planOf(["delete"], "ephemeral"))?.steps).toHaveLength(1);
  expect(readPlan(planOf(["delete"], undefined))?.steps).toHaveLength(1);
});
