import { createLowerText, type LowerText } from "../create-lower-text.ts";
import { ref } from "../lowered-values.ts";

/** A store's name is that of its resource: it is one of its site's alone, and has no id beside it. */
const texts = createLowerText(
  (_, { name }) => [ref(name, "name"), ".netlify.app"],
  ({ kind, name }, attribute) =>
    kind === "bucket" || kind === "kv" || kind === "queue" ? name : ref(name, attribute),
);
export const lowerText: LowerText["lowerText"] = texts.lowerText;
export const webUrl: LowerText["webUrl"] = texts.webUrl;
export const createResolver: LowerText["createResolver"] = texts.createResolver;
