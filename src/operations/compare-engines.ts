import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINES, type EngineId } from "../compiler/vocabulary.ts";
import type { Review } from "../review/review.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { previewProject } from "./preview-project.ts";
import type { Workplace } from "./workplace.ts";

/** What one engine would make of a project, in the words that all engines share. */
export interface EngineView {
  readonly engine: EngineId;
  /** `create cloudflare_queue outbox`, sorted. An engine's own bookkeeping, such as a provider, is not among them. */
  readonly resources: readonly string[];
  /** `cloudflare: D1 Write (account)`. */
  readonly permissions: readonly string[];
  readonly cost: Review["cost"];
  /** What a person must approve, and what cannot be undone. */
  readonly approvals: readonly string[];
  readonly seconds: number;
}

export interface EngineComparison {
  readonly engines: readonly EngineView[];
  /** What they do not agree on: `resources`, `permissions`, `cost`, `approvals`. */
  readonly differences: readonly string[];
}

/**
 * Asks every engine what a new stack of a project would be, and compares the reviews. `path` is the manifest or its folder; nothing is
 * written there. Fails when the engines do not agree.
 */
export async function compareEngines(
  workplace: Workplace,
  { path }: { readonly path: string },
): Promise<Outcome<EngineComparison>> {
  const engines: EngineView[] = [];
  for (const engine of ENGINES) {
    const view = await viewThrough(workplace, path, engine);
    if ("ok" in view) return view;
    engines.push(view);
  }
  const [first, ...others] = engines;
  const aspects = ["resources", "permissions", "cost", "approvals"] as const;
  const differences = aspects.filter((aspect) =>
    others.some((other) => JSON.stringify(other[aspect]) !== JSON.stringify(first?.[aspect])),
  );
  if (differences.length === 0) return succeed({ engines, differences });
  return refuse({
    kind: "remote",
    code: "engines-differ",
    message: `the engines do not agree on ${differences.join(" and ")}`,
    details: Object.fromEntries(
      engines.map(({ engine, resources, permissions }) => [
        engine,
        { resources: [...resources], permissions: [...permissions] },
      ]),
    ),
  });
}

/** A project's root is the working folder, so an empty one has no state. */
async function viewThrough(
  workplace: Workplace,
  path: string,
  engine: EngineId,
): Promise<EngineView | Refusal> {
  const cwd = mkdtempSync(join(tmpdir(), "supercargo-compare-"));
  try {
    const begun = performance.now();
    const previewed = await previewProject({ ...workplace, cwd }, { path, engine });
    if (!previewed.ok) return previewed;
    const { review } = previewed.data;
    const changes = (review.changes ?? []).filter(({ type }) => !type.startsWith("provider_"));
    return {
      engine,
      resources: changes.map(({ op, type, name }) => `${op} ${type} ${name}`).toSorted(),
      permissions: review.permissions.map(
        ({ provider, group, scope }) => `${provider}: ${group} (${scope})`,
      ),
      cost: review.cost,
      approvals: [
        ...review.approvals.map(({ reason, resource }) => `${reason} ${resource}`),
        ...review.irreversible.map(({ resource, act }) => `${resource} ${act}`),
      ],
      seconds: Math.round((performance.now() - begun) / 100) / 10,
    };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
