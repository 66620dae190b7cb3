import type { ReviewedView } from "./view-engine.ts";

/** What of a view must be the same for every engine. */
const ASPECTS = ["resources", "permissions", "cost", "payment", "approvals"] as const;

/** What views of one project do not agree on, with each other or each with the review that a person sees. */
export function compareViews(views: readonly ReviewedView[]): readonly string[] {
  const [first] = views;
  return ASPECTS.filter(
    (aspect) =>
      views.some(({ view }) => !equals(view[aspect], first?.view[aspect])) ||
      views.some(({ view, review }) => aspect in review && !equals(view[aspect], review[aspect])),
  );
}

function equals(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
