import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import { refuseVariable } from "../refuse-variable.ts";
import { toVercelCron } from "./vercel-cron.ts";

/** Vercel docs, "Reserved environment variables" and "System environment variables"; the last is how a schedule is known. */
const RESERVED =
  /^(?:AWS_SECRET_KEY|AWS_EXECUTION_ENV|AWS_LAMBDA_\w+|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|NOW_REGION|TZ|VERCEL|VERCEL_\w+|CRON_SECRET)$/;

const ONLY_MARKET = "it has none but those of its marketplace, which no resource orders";

interface Refusal {
  readonly reason: string;
  readonly remedy: string;
}

/** What Vercel cannot do, and who can. */
export function refuseNode(node: ResourceNode): Refusal | undefined {
  switch (node.kind) {
    case "database":
      return refuseDatabase(node.engine);
    case "kv":
      return {
        reason: ONLY_MARKET,
        remedy:
          "use kind: service with service: upstash/redis, or place the kv and its apps on provider: cloudflare, container, aws, azure or gcp",
      };
    case "cron":
      return toVercelCron(node.schedule) === undefined
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

function refuseDatabase(engine: "sqlite" | "postgres"): Refusal {
  return engine === "sqlite"
    ? {
        reason: "it has no SQLite that functions can share",
        remedy:
          "use kind: service with service: neon/postgres, or place the database and its apps on provider: cloudflare or container",
      }
    : {
        reason: ONLY_MARKET,
        remedy:
          "use kind: service with service: neon/postgres, or place the database and its apps on provider: container, aws, azure or gcp",
      };
}
