import type { LoweredReference, LoweredResource } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import type { Context } from "../node-lowering.ts";
import { toNumericCron } from "../numeric-cron.ts";
import { native } from "./lowering.ts";

/** Schedules of an app, each once, in manifest order and Vercel's dialect: they are a part of its deployment. */
export function listSchedules({ model }: Context, app: string): readonly string[] {
  const schedules = model.resources.flatMap((node) => {
    if (node.kind !== "cron" || node.app !== app) return [];
    const schedule = toNumericCron(node.schedule);
    if (schedule === undefined) throw new Error(`the schedule of ${node.name} was refused`);
    return [schedule];
  });
  return [...new Set(schedules)];
}

/** What Vercel shows when it calls a schedule: the variable of this name in the project (Vercel docs, "Managing Cron Jobs"). */
export function lowerCronSecret(app: string): readonly LoweredResource[] {
  return [
    { name: secretName(app), origin: app, type: "supercargo_secret", args: { bytes: 32 } },
    native(`${app}.cron-variable`, app, "vercel_project_environment_variable", {
      project_id: ref(app, "id"),
      key: "CRON_SECRET",
      value: cronSecret(app),
      target: ["production"],
      sensitive: true,
    }),
  ];
}

export function cronSecret(app: string): LoweredReference {
  return ref(secretName(app), "value");
}

function secretName(app: string): string {
  return `${app}.cron-secret`;
}
