import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import { toNumericCron } from "../numeric-cron.ts";
import { refuseVariable } from "../refuse-variable.ts";

/** Vercel docs, "Reserved environment variables" and "System environment variables"; the last is how a schedule is known. */
const RESERVED =
  /^(?:AWS_SECRET_KEY|AWS_EXECUTION_ENV|AWS_LAMBDA_\w+|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|NOW_REGION|TZ|VERCEL|VERCEL_\w+|CRON_SECRET)$/;

/** What Vercel cannot do although it serves the kind, and what to do instead. */
export function refuseNode(
  node: ResourceNode,
): { readonly reason: string; readonly remedy: string } | undefined {
  switch (node.kind) {
    case "cron":
      return toNumericCron(node.schedule) === undefined
        ? {
            reason: "it knows days of the month or days of the week, not both in one schedule",
            remedy: "write two resources of kind: cron, one with each",
          }
        : undefined;
    case "app":
      return refuseVariable(
        node,
        RESERVED,
        (variable) => `it keeps the variable ${variable} for itself`,
      );
    default:
      return undefined;
  }
}
