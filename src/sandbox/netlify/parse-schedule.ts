import { type CronExpression, parseCron } from "../data-plane/cron-expression.ts";

const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/** A schedule as crontab has it, where Sunday is 0 (Netlify docs, "Scheduled Functions"). Undefined for anything else. */
export function parseSchedule(text: string): CronExpression | undefined {
  const fields = text.trim().split(/\s+/);
  const weekday = fields[4]?.replace(/(?<![/\d])\d/g, (day) => WEEKDAYS[Number(day)] ?? day);
  if (weekday === undefined || fields[2]?.toUpperCase() === "L") return undefined;
  return parseCron([...fields.slice(0, 4), weekday, ...fields.slice(5)].join(" "));
}
