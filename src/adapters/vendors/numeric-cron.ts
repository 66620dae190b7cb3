import { listWeekdays } from "../../../util/list-weekdays.ts";

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");

/**
 * A schedule as Vercel reads it (Vercel docs, "Cron Jobs"): numbers only, Sunday is 0. Undefined where the day of the month and that of the week both say something, which
 * Vercel cannot.
 */
export function toVercelCron(schedule: string): string | undefined {
  const [minute, hour, day, month = "", weekday = ""] = schedule.split(" ");
  if (day !== "*" && weekday !== "*") return undefined;
  const months = month.replace(/[A-Z]{3}/g, (name) => String(MONTHS.indexOf(name) + 1));
  const days = weekday === "*" ? "*" : listWeekdays(weekday).join(",");
  return `${minute} ${hour} ${day} ${months} ${days}`;
}
