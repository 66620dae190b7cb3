import type { Review } from "./review.ts";

/**
 * The review as indented JSON with a final line feed, ASCII only: other characters are escaped as JSON does, so that a terminal shows no
 * name as another. The same review has the same bytes: what is signed is their digest.
 */
export function renderReviewJson(review: Review): string {
  return `${JSON.stringify(review, undefined, 2).replace(/[^\n\x20-\x7e]/g, escapeUnit)}\n`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
