import { describe, expect, it } from "vitest";
import { countSteps, settlePreview } from "../../src/deploy/engine-step.ts";
import { type EngineEvent, readEngineEvent } from "../../src/deploy/read-engine-event.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const URN = "urn:pulumi:local::shop::cloudflare:index/queue:Queue::receipts";

function event(kind: string, metadata: object): EngineEvent | undefined {
  return readEngineEvent(JSON.stringify({ sequence: 1, timestamp: 1, [kind]: { metadata } }));
}

describe("readEngineEvent", () => {
  it("tells which inputs change, and shows neither secrets nor our own bookkeeping", () => {
    const read = event("resOutputsEvent", {
      op: "update",
      urn: URN,
      type: "cloudflare:index/queue:Queue",
      keys: null,
      old: { inputs: { a: 1, b: [SECRET], c: { kind: "x" }, kind: "k", __provider: "code" } },
      new: { inputs: { a: 2, b: [SECRET], c: { kind: "y" }, d: UNKNOWN, identity: {} } },
    });
    expect(read).toEqual({
      kind: "step",
      phase: "ends",
      step: {
        operation: "update",
        urn: URN,
        type: "cloudflare:index/queue:Queue",
        name: "receipts",
        changed: ["a", "c", "d"],
        replacedBecause: [],
        before: { a: 1, b: ["[secret]"], c: { kind: "x" } },
        after: { a: 2, b: ["[secret]"], c: { kind: "y" }, d: "[unknown]" },
      },
    });
  });

  it("reports a replacement once and its parts apart", () => {
    const metadata = { urn: URN, type: "t", old: { inputs: {} }, new: { inputs: {} } };
    expect(
      event("resourcePreEvent", { ...metadata, op: "replace", keys: ["b", "a"] }),
    ).toMatchObject({
      phase: "begins",
      step: { operation: "replace", replacedBecause: ["a", "b"] },
    });
    for (const op of ["create-replacement", "delete-replaced", "discard-replaced"]) {
      expect(event("resourcePreEvent", { ...metadata, op })).toEqual({
        kind: "part",
        phase: "begins",
        urn: URN,
      });
    }
  });

  it("takes the stack's outputs, secrets hidden", () => {
    const read = event("resOutputsEvent", {
      op: "same",
      urn: "urn:pulumi:local::shop::pulumi:pulumi:Stack::shop-local",
      type: "pulumi:pulumi:Stack",
      new: { outputs: { url: "https://example-shop.com", key: SECRET } },
    });
    expect(read).toEqual({
      kind: "outputs",
      outputs: { url: "https://example-shop.com", key: "[secret]" },
    });
  });

  it("takes errors and the summary, and passes over everything else", () => {
    const error = { severity: "error", urn: URN, message: "no\n" };
    expect(readEngineEvent(JSON.stringify({ diagnosticEvent: error }))).toEqual({
      kind: "error",
      urn: URN,
      text: "no\n",
    });
    const summary = { durationSeconds: 3 };
    expect(readEngineEvent(JSON.stringify({ summaryEvent: summary }))).toEqual({
      kind: "summary",
      seconds: 3,
    });
    const lines = ["", "text", "{", "[]", "{}", '{"diagnosticEvent":{"severity":"info"}}'];
    for (const line of lines) expect(readEngineEvent(line)).toBeUndefined();
  });
});

describe("settlePreview", () => {
  const base = { urn: URN, type: "t", name: "n", replacedBecause: [] } as const;
  it("takes an update without a changed input for none, unless a secret may have changed", () => {
    const doubtful = {
      ...base,
      operation: "update",
      changed: [],
      before: {},
      after: { a: 1 },
    } as const;
    expect(settlePreview(doubtful).operation).toBe("same");
    expect(settlePreview({ ...doubtful, after: { a: ["[secret]"] } }).operation).toBe("update");
    expect(settlePreview({ ...doubtful, changed: ["a"] }).operation).toBe("update");
    expect(countSteps([doubtful, doubtful])).toEqual({ update: 2 });
  });
});
