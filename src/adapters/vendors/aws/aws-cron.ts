import { listWeekdays } from "../../../util/list-weekdays.ts";

const NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * A schedule as EventBridge reads it (Scheduler user guide, "Schedule types"): six fields, the last one the year, weekdays by name because numbers begin with 1
 * for Sunday there, and `?` in the one field of days that says nothing. Undefined where both fields of days say something: cron means either of them then,
 * which EventBridge cannot.
 */
export function toAwsCron(schedule: string): string | undefined {
  const [minute, hour, day, month, weekday = ""] = schedule.split(" ");
  if (weekday === "*") return `cron(${minute} ${hour} ${day} ${month} ? *)`;
  if (day !== "*") return undefined;
  const days = listWeekdays(weekday).map((number) => NAMES[number]);
  return `cron(${minute} ${hour} ? ${month} ${days.join(",")} *)`;
}
