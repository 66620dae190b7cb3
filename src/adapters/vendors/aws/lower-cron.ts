import type { CronNode } from "../../../compiler/2-model/model.ts";
import { json, object, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { toAwsCron } from "./aws-cron.ts";
import { lowerRole, native, policy } from "./lowering.ts";

/** The event that a rule of EventBridge's would send; the scheduler fills in the time (Scheduler user guide, "Adding context attributes"). */
const EVENT = json({
  "detail-type": "Scheduled Event",
  time: "<aws.scheduler.scheduled-time>",
});

/** A schedule with a role that may call the one app. */
export const lowerCron: LowerNode<CronNode> = ({ model }, { name, app, schedule }) => {
  const role = `${name}.role`;
  const expression = toAwsCron(schedule);
  if (expression === undefined) throw new Error(`the schedule of ${name} was refused`);
  const target = ref(app, "arn");
  return {
    resources: [
      lowerRole(role, name, vendorName(model, name), "scheduler.amazonaws.com"),
      native(`${name}.rights`, name, "aws_iam_role_policy", {
        role: ref(role, "id"),
        policy: policy({ actions: ["lambda:InvokeFunction"], resources: [target] }),
      }),
      native(
        name,
        name,
        "aws_scheduler_schedule",
        {
          name: vendorName(model, name),
          schedule_expression: expression,
          flexible_time_window: object({ mode: "OFF" }),
          target: object({ arn: target, role_arn: ref(role, "arn"), input: EVENT }),
        },
        [`${name}.rights`],
      ),
    ],
    prices: [{ service: "aws/scheduler", category: "compute" }],
  };
};
