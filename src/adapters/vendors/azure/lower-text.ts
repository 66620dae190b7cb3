import { createLowerText, type LowerText } from "../create-lower-text.ts";
import { ref } from "../lowered-values.ts";

const texts = createLowerText((_, { name }) => [ref(name, "default_hostname")]);
export const lowerText: LowerText["lowerText"] = texts.lowerText;
export const webUrl: LowerText["webUrl"] = texts.webUrl;
export const createResolver: LowerText["createResolver"] = texts.createResolver;
