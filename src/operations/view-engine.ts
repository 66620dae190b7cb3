import type { EngineId } from "../compiler/vocabulary.ts";
import type { EngineStep } from "../deploy/engine-step.ts";
import type { Review } from "../review/review.ts";
import { schemaTypeOf } from "../review/schema-type-of.ts";
import type { CompiledProject } from "./compile-sources.ts";
import { inputOf, readBack } from "./read-back.ts";

/** What one engine would make of a project, read back from what was printed for it, in the words that all engines share. */
export interface EngineView {
  readonly engine: EngineId;
  /** `create cloudflare_queue outbox`, sorted. An engine's own bookkeeping, such as a provider, is not among them. */
  readonly resources: readonly string[];
  /** `cloudflare: D1 Write (account)`. */
  readonly permissions: readonly string[];
  readonly cost: Review["cost"];
  /** `cloudflare: 60.00 USD by stripe`: what the payment tokens let a provider charge in a month. */
  readonly payment: readonly string[];
  /** What a person must approve on a live stack, and what cannot be undone. */
  readonly approvals: readonly string[];
  readonly seconds: number;
}

/** What was read back, and what the review before a person says of the same. */
export interface ReviewedView {
  readonly view: EngineView;
  readonly review: Partial<Omit<EngineView, "engine" | "seconds">>;
}

/** Reads back the steps of an engine beside the review that was made of them. */
export function viewEngine(
  compiled: Pick<CompiledProject, "model" | "lowered">,
  {
    engine,
    review,
    steps,
    seconds,
  }: {
    readonly engine: EngineId;
    readonly review: Review;
    readonly steps: readonly EngineStep[];
    readonly seconds: number;
  },
): ReviewedView {
  const read = readBack(compiled, steps);
  return {
    view: {
      engine,
      resources: listResources(read),
      permissions: listPermissions(read),
      cost: read.cost,
      payment: listPayment(steps),
      approvals: [
        ...read.approvals.map(({ reason, resource }) => `${reason} ${resource}`),
        ...read.irreversible.map(({ resource, act }) => `${resource} ${act}`),
      ],
      seconds,
    },
    review: {
      resources: listResources(review),
      permissions: listPermissions(review),
      cost: review.cost,
    },
  };
}

function listResources({ changes }: Review): readonly string[] {
  const own = (changes ?? []).filter(({ type }) => !type.startsWith("provider_"));
  // What was read under a name that stands for something else is told by its own type.
  return own.map(({ op, type, name }) => `${op} ${schemaTypeOf(type)} ${name}`).toSorted();
}

function listPermissions({ permissions }: Review): readonly string[] {
  return permissions.map(({ provider, group, scope }) => `${provider}: ${group} (${scope})`);
}

function listPayment(steps: readonly EngineStep[]): readonly string[] {
  const tokens = steps.filter(({ type }) => schemaTypeOf(type) === "supercargo_payment_token");
  return tokens
    .map((step) => {
      const issuers = inputOf(step, "issuers");
      const names = Array.isArray(issuers) ? issuers.join(", ") : "nobody";
      return `${inputOf(step, "provider")}: ${inputOf(step, "cap")} by ${names}`;
    })
    .toSorted();
}
