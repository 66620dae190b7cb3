import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINES, type EngineId } from "../compiler/vocabulary.ts";
import type { EngineStep } from "../deploy/engine-step.ts";
import type { Review } from "../review/review.ts";
import { schemaTypeOf } from "../review/schema-type-of.ts";
import { compileSources } from "./compile-sources.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { previewProject } from "./preview-project.ts";
import { inputOf, readBack } from "./read-back.ts";
import type { Workplace } from "./workplace.ts";

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

export interface EngineComparison {
  readonly engines: readonly EngineView[];
  /** What they do not agree on, with each other or with the review that a person sees: `resources`, `permissions`, `cost`, `payment`, `approvals`. */
  readonly differences: readonly string[];
}

/** What of a view must be the same for every engine. */
const ASPECTS = ["resources", "permissions", "cost", "payment", "approvals"] as const;

/**
 * Asks every engine what a new stack of a project would be, and compares what they read. Pulumi and OpenTofu are the real ones; what is printed for Crossplane
 * is read from its files. `path` is the manifest or its folder; nothing is written there. Fails when the engines do not agree.
 */
export async function compareEngines(
  workplace: Workplace,
  { path }: { readonly path: string },
): Promise<Outcome<EngineComparison>> {
  const views: ReviewedView[] = [];
  for (const engine of ENGINES) {
    const view = await viewThrough(workplace, path, engine);
    if ("ok" in view) return view;
    views.push(view);
  }
  const engines = views.map(({ view }) => view);
  const [first] = engines;
  const differences = ASPECTS.filter(
    (aspect) =>
      engines.some((other) => !equals(other[aspect], first?.[aspect])) ||
      views.some(({ view, review }) => aspect in review && !equals(view[aspect], review[aspect])),
  );
  if (differences.length === 0) return succeed({ engines, differences });
  return refuse({
    kind: "remote",
    code: "engines-differ",
    message: `the engines do not agree on ${differences.join(" and ")}`,
    details: Object.fromEntries(
      engines.map(({ engine, resources, permissions, payment, approvals }) => [
        engine,
        {
          resources: [...resources],
          permissions: [...permissions],
          payment: [...payment],
          approvals: [...approvals],
        },
      ]),
    ),
  });
}

/** What was read back, and what the review before a person says of the same. */
interface ReviewedView {
  readonly view: EngineView;
  readonly review: Partial<Pick<EngineView, (typeof ASPECTS)[number]>>;
}

/** A project's root is the working folder, so an empty one has no state. */
async function viewThrough(
  workplace: Workplace,
  path: string,
  engine: EngineId,
): Promise<ReviewedView | Refusal> {
  const cwd = mkdtempSync(join(tmpdir(), "supercargo-compare-"));
  try {
    const begun = performance.now();
    const place = { ...workplace, cwd };
    const previewed = await previewProject(place, { path, engine });
    if (!previewed.ok) return previewed;
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    const compiled = await compileSources(place, { path, engine }, { emit: false });
    if ("ok" in compiled) return compiled;
    const { review, steps } = previewed.data;
    const read = readBack(compiled, steps);
    const view: EngineView = {
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
    };
    return {
      view,
      review: {
        resources: listResources(review),
        permissions: listPermissions(review),
        cost: review.cost,
      },
    };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function listResources({ changes }: Review): readonly string[] {
  const own = (changes ?? []).filter(({ type }) => !type.startsWith("provider_"));
  return own.map(({ op, type, name }) => `${op} ${type} ${name}`).toSorted();
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

function equals(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
