import type { LoweredReference } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import type { Context } from "../node-lowering.ts";
import { CODE } from "./code-bucket.ts";
import { REGION } from "./lowering.ts";
import { type Entry, serviceName } from "./service-name.ts";

/** Host of a function, in pieces. It follows from names, before there is a function (Cloud Run docs, "Deterministic URL"). */
export function serviceHost(
  { model }: Context,
  app: string,
  entry: Entry,
): readonly (string | LoweredReference)[] {
  return [`${serviceName(model, app, entry)}-`, ref(CODE, "project_number"), `.${REGION}.run.app`];
}
