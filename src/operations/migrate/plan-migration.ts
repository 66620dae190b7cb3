import { isDeepStrictEqual } from "node:util";
import { findVendor } from "../../adapters/vendors/find-vendor.ts";
import { VENDORS } from "../../adapters/vendors/registry.ts";
import type { Model } from "../../compiler/2-model/model.ts";
import { type Journal, type MoveContent, readJournal } from "../../migration/journal.ts";
import { moveModel } from "../../migration/move-model.ts";
import { type CompiledProject, compileSources, type StackQuery } from "../compile-sources.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { refuseLive } from "../refuse-live.ts";
import { projectHome } from "../sandbox-home.ts";
import type { Workplace } from "../workplace.ts";
import { findData } from "./find-data.ts";

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

/** No data is carried from one service of the catalogue to where it would be a resource of the vendor's own. */
const STAYING = { leavesServices: true } as const;

/** Says what a migration consists of and how far it is, or why there is none. Reads only. */
export async function planMigration(
  workplace: Workplace,
  query: MigrationQuery,
): Promise<MigrationPlan | Refusal> {
  const own = await compileSources(workplace, query, { emit: false, ignorePolicy: true });
  if ("ok" in own) return own;
  const { root } = own.project;
  const { name: project, stack, live } = own.model;
  if (live) return refuseLive(stack, "Only the stack `local` is migrated.");
  const begun = readJournal(projectHome(root), { project, stack });
  const running = isUnderWay(begun, own.model) ? begun : undefined;
  if (query.to !== WAY.to || (running !== undefined && running.to !== query.to))
    return refuseWay(query.to);
  const source =
    running === undefined
      ? own
      : await compileSources(
          workplace,
          { ...query, provider: running.from },
          { emit: false, ignorePolicy: true },
        );
  if ("ok" in source) return source;
  const { model } = source;
  const vendor = VENDORS.find(({ id }) => id === query.to);
  if (vendor === undefined) return refuseWay(query.to);
  const { moved, conflicts } = moveModel(model, vendor, findVendor, STAYING);
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
  // A copy makes the new place like the old one, and takes away what was written there since.
  if (begun?.started === true && running === undefined && query.person !== true)
    return refuseOverwriting(begun);
  if (model.engine !== "pulumi")
    return refuse({
      kind: "usage",
      code: "engine-cannot",
      message: `a migration applies a part of a stack, which is not done with ${model.engine} yet`,
      remedy: "Use Pulumi for this stack.",
    });
  const stays = await refuseStaying(workplace, query, moved);
  if (stays !== undefined) return stays;
  const content = findData(model, moved);
  if ("ok" in content) return content;
  const fresh: Journal = {
    ...{ format: 2, project, stack, ...WAY, phase: "create" },
    ...{ namesLeft: false, started: false, checked: {}, content },
  };
  // Until the names are left everything is begun again: what is missing is created, and what is copied already is compared.
  if (running === undefined || !hasLeft(running))
    return { root, stack, journal: fresh, source, content };
  return isDeepStrictEqual(running.content, content)
    ? { root, stack, journal: running, source, content }
    : refuseChanged();
}

/** Whether the old place is no longer answered, or even waits only to be retired. */
function hasLeft({ namesLeft, started, phase }: Journal): boolean {
  return namesLeft || started || phase === "retire";
}

/**
 * Whether a journal still tells how things are. One that waits for the old place to be retired does not once the manifest leads back there: people did something else
 * meanwhile, and what is there now was never carried over.
 */
function isUnderWay(begun: Journal | undefined, own: Model): begun is Journal {
  if (begun === undefined || begun.phase === "done") return false;
  if (begun.phase !== "retire") return true;
  const { data, queues, webs } = begun.content;
  const moved = new Set([...data.map(({ resource }) => resource), ...queues, ...webs]);
  return own.resources.every(({ name, provider }) => !moved.has(name) || provider === begun.to);
}

/** What could move and would not, because it names its own provider, and what the guardrails say to the new place. */
async function refuseStaying(
  workplace: Workplace,
  query: MigrationQuery,
  moved: ReadonlySet<string>,
): Promise<Refusal | undefined> {
  const target = await compileSources(workplace, { ...query, provider: query.to }, { emit: false });
  if ("ok" in target) return target;
  const stays = target.model.resources.find(
    ({ name, provider }) => moved.has(name) && provider !== query.to,
  );
  if (stays === undefined) return undefined;
  return refuse({
    kind: "usage",
    code: "own-provider",
    message: `\`${stays.name}\` names its own provider \`${stays.provider}\`, and a migration changes that of the whole stack alone`,
    remedy: "Take its `provider` out of the manifest, so that it moves with the others.",
  });
}

function refuseOverwriting({ from, to }: Journal): Refusal {
  return refuse({
    kind: "person",
    code: "new-place-is-ahead",
    message: `this stack moved to ${to} before, and may have been written to there since; another migration would make it again what it is at ${from}`,
    remedy: `Write \`provider: ${to}\` into the stack to keep what is there. A person who wants what is at ${from} instead runs the same command with \`--person\`.`,
  });
}

/** What moved must still be what the manifest says. */
export async function refuseOtherContent(
  workplace: Workplace,
  query: MigrationQuery,
  { from, content }: Journal,
): Promise<Refusal | undefined> {
  const again = await compileSources(
    workplace,
    { ...query, provider: from },
    { emit: false, ignorePolicy: true },
  );
  if ("ok" in again) return again;
  const vendor = VENDORS.find(({ id }) => id === query.to);
  if (vendor === undefined) return refuseWay(query.to);
  const { moved } = moveModel(again.model, vendor, findVendor, STAYING);
  const found = findData(again.model, moved);
  if ("ok" in found) return found;
  return isDeepStrictEqual(found, content) ? undefined : refuseChanged();
}

function refuseChanged(): Refusal {
  return refuse({
    kind: "usage",
    code: "manifest-changed",
    message:
      "the manifest's resources changed after their names were switched, so some of their data was not carried over",
    remedy: "Write the manifest as it was, end the migration, and change it then.",
  });
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
