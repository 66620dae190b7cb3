import type { Context } from "../node-lowering.ts";
import { toNumericCron } from "../numeric-cron.ts";

/** The functions that Netlify calls for an app, each with its schedule, which is there once. They are a part of its deploy. */
export function listSchedules({ model }: Context, app: string): Readonly<Record<string, string>> {
  const schedules = model.resources.flatMap((node) => {
    if (node.kind !== "cron" || node.app !== app) return [];
    const schedule = toNumericCron(node.schedule);
    if (schedule === undefined) throw new Error(`the schedule of ${node.name} was refused`);
    return [schedule];
  });
  return Object.fromEntries(
    [...new Set(schedules)].map((schedule, i) => [`schedule-${i + 1}`, schedule]),
  );
}
