import type { CronNode } from "../../../compiler/2-model/model.ts";
import { object, ref } from "../lowered-values.ts";
import { accountResource, type LowerNode } from "./lowering.ts";

/**
 * The schedules of an app. Cloudflare keeps one list per Worker and replaces it as a whole, so the first cron resource of an app
 * carries the schedules of all. The list goes with the Worker: Cloudflare's provider sends no request when the last one is removed.
 */
export const lowerCron: LowerNode<CronNode> = ({ crons }, { name, app }) => {
  const cron = crons.get(app);
  if (cron?.owner !== name) return { resources: [] };
  return {
    resources: [
      accountResource(name, name, "cloudflare_workers_cron_trigger", {
        script_name: ref(app, "script_name"),
        schedules: cron.schedules.map((schedule) => object({ cron: schedule })),
      }),
    ],
    grants: [{ group: "Workers Scripts Write", scope: "account" }],
  };
};
