import type { Review } from "./review.ts";

/** The review as indented JSON with a final line feed. The same review has the same bytes: what is signed is their digest. */
export function renderReviewJson(review: Review): string {
  return `${JSON.stringify(review, undefined, 2)}\n`;
}
