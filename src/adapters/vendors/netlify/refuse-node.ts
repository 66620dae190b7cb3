import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import { toNumericCron } from "../numeric-cron.ts";
import { refuseVariable } from "../refuse-variable.ts";

/** What a deploy's variable may not be called (netlify/cli, `deploy-env-vars.ts`), and what Netlify and Lambda set themselves, in capitals or not. */
const RESERVED =
  /^(?:AWS_(?:REGION|DEFAULT_REGION|EXECUTION_ENV|LAMBDA_\w+|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|NETLIFY|NETLIFY_\w+|BUILD_ID|CONTEXT|REPOSITORY_URL|BRANCH|HEAD|COMMIT_REF|CACHED_COMMIT_REF|PULL_REQUEST|REVIEW_ID|URL|DEPLOY_URL|DEPLOY_PRIME_URL|DEPLOY_ID|SITE_NAME|SITE_ID|INCOMING_HOOK_\w+|TZ|_\w*)$/i;

/** What Netlify cannot do, and who can. */
export function refuseNode(
  node: ResourceNode,
): { readonly reason: string; readonly remedy: string } | undefined {
  switch (node.kind) {
    case "cron":
      return toNumericCron(node.schedule) === undefined
        ? {
            reason:
              "it does not say what a schedule with days of the month and days of the week means there",
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
