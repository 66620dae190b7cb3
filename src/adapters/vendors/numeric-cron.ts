import { listWeekdays } from "../../util/list-weekdays.ts";

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");

/**
 * A schedule as vendors read it that know numbers only (Sunday is 0). Undefined where the day of the month and that of the week both say something, which such a vendor
 * cannot, or of which it does not say what it means.
 */
export function toNumericCron(schedule: string): string | undefined {
  const [minute, hour, day, month = "", weekday = ""] = schedule.split(" ");
  if (day !== "*" && weekday !== "*") return undefined;
  const months = month.replace(/[A-Z]{3}/g, (name) => String(MONTHS.indexOf(name) + 1));
  const days = weekday === "*" ? "*" : listWeekdays(weekday).join(",");
  return `${minute} ${hour} ${day} ${months} ${days}`;
}
