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
  return `cron(${minute} ${hour} ? ${month} ${nameWeekdays(weekday)} *)`;
}

function nameWeekdays(field: string): string {
  const days = new Set(field.split(",").flatMap(listDays));
  return [...days]
    .toSorted((a, b) => a - b)
    .map((day) => NAMES[day])
    .join(",");
}

/** The days of `2`, `MON-FRI`, `1-5/2`, `*` or `*` with a step. */
function listDays(item: string): readonly number[] {
  const [range = "", step = "1"] = item.split("/");
  const [first = "", last = first] = range === "*" ? ["0", "6"] : range.split("-");
  const days: number[] = [];
  for (let day = toNumber(first); day <= toNumber(last); day += Number(step)) days.push(day % 7);
  return days;
}

function toNumber(text: string): number {
  const index = NAMES.indexOf(text);
  return index >= 0 ? index : Number(text);
}
