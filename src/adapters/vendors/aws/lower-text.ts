import { createLowerText, type LowerText } from "../create-lower-text.ts";
import { ref } from "../lowered-values.ts";
import { apiName, distributionName } from "./host-names.ts";
import { REGION } from "./lowering.ts";

const texts = createLowerText(
  (_, { kind, name }) =>
    kind === "site"
      ? [ref(distributionName(name), "domain_name")]
      : [ref(apiName(name), "id"), `.execute-api.${REGION}.amazonaws.com`],
  // The name of a bucket is its id.
  ({ kind, name }, attribute) => ref(name, kind === "bucket" ? "id" : attribute),
);
export const lowerText: LowerText["lowerText"] = texts.lowerText;
export const webUrl: LowerText["webUrl"] = texts.webUrl;
export const createResolver: LowerText["createResolver"] = texts.createResolver;
