import type { DoubtLine } from "../broker/doubts/list-doubts.ts";
import type { SettledDoubt } from "../broker/doubts/settle-doubt.ts";
import { parseMoney } from "../util/money.ts";
import type { StackQuery } from "./compile-sources.ts";
import { type Confirmation, confirmationOn, refuseUnanswered } from "./confirmation.ts";
import { createPersonPermits } from "./create-person-permits.ts";
import { findProject } from "./find-project.ts";
import { listOpenDoubts } from "./list-doubts.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { readProjectGuardrails } from "./read-project-guardrails.ts";
import { findRights, withRightsBroker } from "./rights-session.ts";
import { suggestCommand } from "./suggest-command.ts";
import { takeTurn } from "./take-turn.ts";
import type { Workplace } from "./workplace.ts";

export interface SettleQuery extends StackQuery {
  /** An act's key, the beginning of one, or the name of its resource. */
  readonly act: string;
  readonly claim: "happened" | "never-happened" | "ended";
  /** `10.44 USD`; only with `happened`. */
  readonly amount?: string | undefined;
  /** Asked only where the provider gives no certain answer. */
  readonly confirm: (doubt: DoubtLine, by: Confirmation) => Promise<boolean>;
}

export interface SettleResult {
  readonly doubt: DoubtLine;
  readonly outcome: "happened" | "never-happened" | "ended";
  /** Whose word it was. */
  readonly by: "person" | "provider";
  readonly captured?: string | undefined;
  readonly released?: string | undefined;
}

/**
 * Settles an act whose outcome stays unknown, after one more look at the provider, whose certain answer wins over the person's word. Never sends the act.
 * Waits for a running `up`. Needs the guardrails, whose matrix lets people alone do this, and no manifest that compiles.
 */
export async function settleAct(
  workplace: Workplace,
  query: SettleQuery,
): Promise<Outcome<SettleResult>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return project;
  const read = readProjectGuardrails(project);
  if ("ok" in read) return read;
  const amount = query.amount === undefined ? undefined : parseMoney(query.amount);
  if (query.amount !== undefined && (amount === undefined || query.claim !== "happened"))
    return refuse({
      kind: "usage",
      code: "bad-amount",
      message: "`--amount` is what was charged, and goes with `--happened`",
      remedy: "Write it like `10.44 USD`.",
    });
  return takeTurn(workplace, place.root, async () => {
    const doubt = await findDoubt(workplace, query);
    if ("ok" in doubt) return doubt;
    workplace.progress.step(`looking for ${doubt.object ?? doubt.kind} at ${doubt.provider}`);
    const by = confirmationOn(place.stack);
    const permits = createPersonPermits(read.guardrails, place.live);
    const settled = await withRightsBroker(
      workplace,
      place,
      { connect: true, permits },
      async (broker) =>
        (await broker.beginRun("settle")) ??
        broker.settleDoubt(doubt.act, {
          kind: query.claim,
          amount,
          confirm: () => query.confirm(doubt, by),
        }),
    );
    return "ok" in settled ? settled : describe(settled, doubt, query, by);
  });
}

async function findDoubt(
  workplace: Workplace,
  { act, claim, ...query }: SettleQuery,
): Promise<DoubtLine | Refusal> {
  const listing = await listOpenDoubts(workplace, query);
  if (!listing.ok) return listing;
  const found = listing.data.doubts.filter(
    ({ act: key, identity, waiting }) =>
      (key.startsWith(act) || identity.resource === act) &&
      (waiting === "settled") === (claim === "ended"),
  );
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const shown = JSON.stringify(act);
  return refuse({
    kind: "usage",
    code: found.length === 0 ? "no-such-doubt" : "ambiguous-act",
    message:
      found.length === 0
        ? `nothing is to be settled under the name ${shown}`
        : `${found.length} acts have the name ${shown}`,
    remedy: "Run `npx supercargo settle` to see what is open, and give an act's whole name.",
  });
}

function describe(
  settled: SettledDoubt,
  doubt: DoubtLine,
  query: SettleQuery,
  by: Confirmation,
): Outcome<SettleResult> {
  if (settled.kind !== "settled") return refuseSettling(settled, by);
  const { outcome, captured, released } = settled;
  const isOverruled = settled.by === "provider" && outcome !== query.claim;
  const warnings = isOverruled
    ? [
        `the provider's own answer counts and not your word: ${outcome === "happened" ? "it has happened" : "it never happened"}`,
      ]
    : [];
  return succeed(
    { doubt, outcome, by: settled.by, captured, released },
    { warnings, nextSteps: [suggestCommand("budget", query), suggestCommand("up", query)] },
  );
}

function refuseSettling(
  settled: Exclude<SettledDoubt, { readonly kind: "settled" }>,
  by: Confirmation,
): Refusal {
  switch (settled.kind) {
    case "unconfirmed":
      return refuseUnanswered(
        "nothing was settled: the provider shows nothing certain, and a person must confirm",
        by,
      );
    case "under-way":
      return refuse({
        kind: "remote",
        code: "still-pending",
        message:
          "the provider knows the act and is not done with it, so nobody can say how it ends",
        remedy: "See there whether it waits for you, and run the command again later.",
      });
    case "above-hold":
      return refuse({
        kind: "refused",
        code: "amount-above-hold",
        message: `no more is captured than the ${settled.held} that are held for the act`,
        remedy:
          "Leave `--amount` out to capture all of it. If more was charged, stop the provider with `npx supercargo freeze --provider NAME`.",
      });
    case "too-early":
      return refuse({
        kind: "refused",
        code: "too-early",
        message: `what was sent a moment ago may still arrive: it is believed to have never happened from ${settled.until} on`,
        remedy: "Run the command again then.",
      });
    case "no-doubt":
      return refuse({
        kind: "refused",
        code: "no-such-doubt",
        message: "the act has an answer by now, so nothing is to be settled",
      });
  }
}
