import type { CronNode } from "../../../compiler/2-model/model.ts";
import { concat, object } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { accountEmail } from "./account.ts";
import { TIMEOUT_SECONDS } from "./function-limits.ts";
import { callerName } from "./function-names.ts";
import { toGcpCron } from "./gcp-cron.ts";
import { native, REGION } from "./lowering.ts";
import { serviceHost } from "./service-host.ts";

/** A job that calls the app's function for schedules in the name of the app's own account, which is the only one that may. */
export const lowerCron: LowerNode<CronNode> = (context, { name, app, schedule }) => ({
  resources: [
    native(
      name,
      name,
      "google_cloud_scheduler_job",
      {
        name: vendorName(context.model, name),
        region: REGION,
        schedule: toGcpCron(schedule),
        time_zone: "Etc/UTC",
        attempt_deadline: `${TIMEOUT_SECONDS}s`,
        http_target: object({
          http_method: "POST",
          uri: concat("https://", ...serviceHost(context, app, "scheduled")),
          oidc_token: object({ service_account_email: accountEmail(app) }),
        }),
      },
      [callerName(app, "scheduled")],
    ),
  ],
  prices: [{ service: "gcp/scheduler", category: "compute" }],
});
