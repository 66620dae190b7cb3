import { describe, expect, it } from "vitest";
import { ISSUERS } from "../../src/adapters/issuers/registry.ts";
import { buildReview } from "../../src/review/build-review.ts";
import { describeStep } from "../../src/review/describe-step.ts";
import { listExisting } from "../../src/review/list-existing.ts";
import { renderReviewJson } from "../../src/review/render-review-json.ts";
import { indexStack } from "../../src/review/stack-index.ts";
import { compileText, manifestOf } from "../policy/compile-text.ts";
import { compileStorefront, FILES, reviewStorefront, stepOf, stepsFor } from "./sample-review.ts";

const { model, lowered, policy } = compileStorefront("prod");
const index = indexStack(model, lowered);

describe("a step of the engine", () => {
  it("leads back to the line of the manifest that caused it", () => {
    expect(describeStep(stepOf("create", "media"), index)).toEqual({
      op: "create",
      name: "media",
      type: "cloudflare_r2_bucket",
      resource: "media",
      cause: "bucket media",
      place: "supercargo.yaml:21",
      changedKeys: [],
    });
    expect(
      describeStep(stepOf("update", "shop.consumer.receipts", ["settings"]), index),
    ).toMatchObject({
      resource: "shop",
      cause: "part of shop",
      place: "supercargo.yaml:30",
      changedKeys: ["settings"],
    });
    expect(describeStep(stepOf("create", "cloudflare.account"), index)).toMatchObject({
      cause: "needed by all on cloudflare",
      place: "supercargo.yaml:12",
    });
  });

  it("is about what the engine says, where that is another type than the manifest's", () => {
    const old = { ...stepOf("delete", "shop"), type: "cloudflare:index/d1Database:D1Database" };
    expect(describeStep(old, index)).toMatchObject({ type: "cloudflare_d1_database" });
    const steps = [{ ...stepOf("create", "shop") }, { ...old, urn: "old::shop" }];
    const { irreversible } = buildReview({ model, lowered, ...{ policy, steps, files: FILES } });
    expect(irreversible.map(({ act }) => act)).toContain("deletes shop (cloudflare_d1_database)");
    const provider = {
      ...stepOf("update", "cloudflare.provider"),
      type: "pulumi:providers:cloudflare",
    };
    expect(describeStep(provider, index)).toMatchObject({ type: "provider_cloudflare" });
  });

  it("of a resource that left the manifest says so", () => {
    const change = describeStep(stepOf("delete", "old-bucket"), index);
    expect(change).toMatchObject({ op: "delete", cause: "no longer in the manifest" });
    expect(change).not.toHaveProperty("place");
  });

  it("is left out when nothing changes or the engine talks about itself", () => {
    expect(describeStep(stepOf("same", "media"), index)).toBeUndefined();
    expect(describeStep(stepOf("refresh", "media"), index)).toBeUndefined();
    const stack = { ...stepOf("create", "storefront-prod"), type: "pulumi:pulumi:Stack" };
    expect(describeStep(stack, index)).toBeUndefined();
  });

  it("with an operation that nobody knows yet is shown, not dropped", () => {
    const step = { ...stepOf("create", "media"), op: "explode" as "create" };
    expect(describeStep(step, index)?.op).toBe("update");
  });
});

describe("a review", () => {
  it("lists changes in the order of the manifest, shared ones first, and what leaves it last", () => {
    const compiled = compileStorefront("prod");
    const steps = [...stepsFor(compiled.lowered, () => "create"), stepOf("delete", "a-gone-one")];
    const review = buildReview({ ...compiled, files: FILES, steps: steps.toReversed() });
    const resources = review.changes?.map(({ resource, name }) => resource ?? name) ?? [];
    expect([...new Set(resources)]).toEqual([
      "cloudflare.access-token",
      "cloudflare.account",
      "cloudflare.payment-token",
      "cloudflare.provider",
      ...model.resources.map(({ name }) => name),
      "a-gone-one",
    ]);
  });

  it("shows a replacement once, however many steps the engine makes of it", () => {
    const compiled = compileStorefront("prod");
    const steps = [
      stepOf("create-replacement", "media", ["name"]),
      stepOf("replace", "media", ["name", "location"]),
      stepOf("delete-replaced", "media"),
    ];
    const { changes, irreversible } = buildReview({ ...compiled, files: FILES, steps });
    expect(changes).toHaveLength(1);
    expect(changes?.[0]).toMatchObject({ op: "replace", changedKeys: ["name", "location"] });
    expect(irreversible.map(({ act }) => act)).toContain(
      "deletes and makes anew media (cloudflare_r2_bucket)",
    );
  });

  it("asks a person before anything is deleted on a live stack, but not for a token's replacement", () => {
    const approve = (stack: string, name: string) => {
      const compiled = compileStorefront(stack, new Set(["address", "media"]));
      const steps = [stepOf("delete", name), stepOf("replace", "cloudflare.access-token")];
      return buildReview({ ...compiled, files: FILES, steps });
    };
    expect(approve("prod", "old-bucket").approvals).toEqual([
      { reason: "irreversible", resource: "old-bucket", place: undefined },
    ]);
    expect(approve("prod", "old-bucket").verdict).toBe("needs-approval");
    expect(approve("local", "old-bucket").verdict).toBe("ready");
  });

  it("knows from a preview what exists, so that a second run costs and asks nothing", () => {
    const steps = stepsFor(lowered, () => "same");
    const existing = listExisting(steps);
    expect(existing.has("address")).toBe(true);
    const compiled = compileStorefront("prod", existing);
    const review = buildReview({ ...compiled, files: FILES, steps });
    expect(review).toMatchObject({ verdict: "ready", changes: [], approvals: [] });
    expect(review.cost.oneTime).toEqual(["0.00 USD"]);
    expect(review.unchanged).toBe(lowered.flatMap(({ resources }) => resources).length);
    expect(listExisting([stepOf("delete", "x"), stepOf("same", "x")]).size).toBe(0);
  });

  it("is refused when a finding is an error", () => {
    const compiled = compileText(
      manifestOf("  it: { kind: domain, domain: example.com, maxPrice: 1.00 USD }"),
    );
    expect(buildReview({ ...compiled, files: [] }).verdict).toBe("refused");
  });

  it("without a preview says that the engine was not asked", () => {
    const review = buildReview({ ...compileStorefront("local"), files: FILES });
    expect(review.changes).toBeUndefined();
    expect(review.unchanged).toBe(0);
  });

  it("is the same bytes for the same input, and other bytes when any file differs", () => {
    const bytes = renderReviewJson(reviewStorefront("prod"));
    expect(renderReviewJson(reviewStorefront("prod"))).toBe(bytes);
    const compiled = compileStorefront("prod");
    const steps = stepsFor(compiled.lowered, () => "create");
    const reversed = buildReview({
      ...{ ...compiled, steps, issuers: ISSUERS },
      files: FILES.toReversed(),
    });
    expect(renderReviewJson(reversed)).toBe(bytes);
    const [first, ...rest] = FILES;
    const changed = [{ path: first?.path ?? "", sha256: "0".repeat(64) }, ...rest];
    expect(
      renderReviewJson(buildReview({ ...compiled, files: changed, steps, issuers: ISSUERS })),
    ).not.toBe(bytes);
  });

  it("holds names of inputs and nothing else of a step", () => {
    const step = {
      ...stepOf("update", "session-key", ["value"]),
      newState: { value: "cnry-secret" },
    };
    const review = buildReview({ ...compileStorefront("prod"), files: FILES, steps: [step] });
    expect(renderReviewJson(review)).not.toContain("cnry-secret");
    expect(review.changes?.[0]?.changedKeys).toEqual(["value"]);
  });
});
