import { findVendor } from "../../adapters/vendors/find-vendor.ts";
import { VENDORS } from "../../adapters/vendors/registry.ts";
import { type Journal, readJournal } from "../../migration/journal.ts";
import { moveModel } from "../../migration/move-model.ts";
import { type CompiledProject, compileSources, type StackQuery } from "../compile-sources.ts";
import { findProject } from "../find-project.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { refuseLive } from "../refuse-live.ts";
import { projectHome } from "../sandbox-home.ts";
import type { Workplace } from "../workplace.ts";
import { findData, type MoveContent } from "./find-data.ts";

export interface MigrationQuery extends StackQuery {
  readonly to: string;
}

/** A migration that can be begun or gone on with. */
export interface MigrationPlan {
  readonly root: string;
  readonly stack: string;
  readonly journal: Journal;
  /** The stack as it is at the vendor that is left. */
  readonly source: CompiledProject;
  readonly content: MoveContent;
}

/** The one way on which data is carried so far. */
const WAY = { from: "cloudflare", to: "container" } as const;

/** Says what a migration consists of and how far it is, or why there is none. Reads only. */
export async function planMigration(
  workplace: Workplace,
  query: MigrationQuery,
): Promise<MigrationPlan | Refusal> {
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return project;
  const { root } = project;
  const stack = query.stack ?? "local";
  const begun = readJournal(projectHome(root), stack);
  const running = begun?.phase === "done" ? undefined : begun;
  if (query.to !== WAY.to || (running !== undefined && running.to !== query.to))
    return refuseWay(query.to);
  const source = await compileSources(
    workplace,
    { ...query, provider: running?.from },
    { emit: false, ignorePolicy: true },
  );
  if ("ok" in source) return source;
  const { model } = source;
  if (model.live) return refuseLive(model.stack, "Only the stack `local` is migrated.");
  const vendor = VENDORS.find(({ id }) => id === query.to);
  if (vendor === undefined) return refuseWay(query.to);
  const { moved, conflicts } = moveModel(model, vendor, findVendor);
  const [conflict] = conflicts;
  if (conflict !== undefined)
    return refuse({
      kind: "refused",
      code: "not-portable",
      message: `\`${conflict.resource}\` cannot move: ${conflict.reason}`,
      remedy: "Run `npx supercargo portability` to see every resource's way.",
    });
  const places = new Set(
    model.resources.filter(({ name }) => moved.has(name)).map(({ provider }) => provider),
  );
  if (places.size === 0) return refuseNothing(query.to, begun);
  if (places.size > 1 || !places.has(WAY.from)) return refuseWay(query.to);
  if (model.engine !== "pulumi")
    return refuse({
      kind: "usage",
      code: "engine-cannot",
      message: `a migration applies a part of a stack, which is not done with ${model.engine} yet`,
      remedy: "Use Pulumi for this stack.",
    });
  const content = findData(model, moved);
  if ("ok" in content) return content;
  const fresh: Journal = {
    ...{ format: 1, ...WAY, phase: "create", namesLeft: false, checked: {} },
  };
  return { root, stack, journal: running ?? fresh, source, content };
}

function refuseWay(to: string): Refusal {
  return refuse({
    kind: "usage",
    code: "no-such-way",
    message: `data is carried from Cloudflare to a container host so far, not to ${JSON.stringify(to)} from where this stack is`,
    remedy: "Give `--to container`; `npx supercargo portability` shows what could live elsewhere.",
  });
}

function refuseNothing(to: string, begun: Journal | undefined): Refusal {
  const before = begun === undefined ? "" : "; its migration is done";
  return refuse({
    kind: "usage",
    code: "nothing-to-move",
    message: `everything of this stack that can be at ${to} is there${before}`,
  });
}
