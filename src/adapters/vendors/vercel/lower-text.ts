import { createLowerText, type LowerText } from "../create-lower-text.ts";
import { ref } from "../lowered-values.ts";

/** The resource of an app's or site's host below `vercel.app`, which it has when it has no route. */
export function ownHostName(owner: string): string {
  return `${owner}.domain`;
}

const texts = createLowerText(
  (_, { name }) => [ref(ownHostName(name), "domain")],
  // A queue is no resource, and a topic of its own name in the project of its app.
  ({ kind, name }, attribute) => (kind === "queue" ? name : ref(name, attribute)),
);
export const lowerText: LowerText["lowerText"] = texts.lowerText;
export const webUrl: LowerText["webUrl"] = texts.webUrl;
export const createResolver: LowerText["createResolver"] = texts.createResolver;
