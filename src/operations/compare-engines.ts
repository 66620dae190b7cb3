import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINES, type EngineId } from "../compiler/vocabulary.ts";
import { compareViews } from "./compare-views.ts";
import { compileSources } from "./compile-sources.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { previewProject } from "./preview-project.ts";
import { type EngineView, type ReviewedView, viewEngine } from "./view-engine.ts";
import type { Workplace } from "./workplace.ts";

export interface EngineComparison {
  readonly engines: readonly EngineView[];
  /** What they do not agree on, with each other or with the review that a person sees: `resources`, `permissions`, `cost`, `payment`, `approvals`. */
  readonly differences: readonly string[];
}

/**
 * Asks every engine, or those of `engines`, what a new stack of a project would be, and compares what they read. Pulumi and OpenTofu are the real ones; what is printed for Crossplane
 * is read from its files. `path` is the manifest or its folder; nothing is written there. Fails when the engines do not agree.
 */
export async function compareEngines(
  workplace: Workplace,
  {
    path,
    engines: asked = ENGINES,
  }: { readonly path: string; readonly engines?: readonly EngineId[] },
): Promise<Outcome<EngineComparison>> {
  const views: ReviewedView[] = [];
  for (const engine of asked) {
    const view = await viewThrough(workplace, path, engine);
    if ("ok" in view) return view;
    views.push(view);
  }
  const engines = views.map(({ view }) => view);
  const differences = compareViews(views);
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
    return viewEngine(compiled, { engine, review, steps, seconds });
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
