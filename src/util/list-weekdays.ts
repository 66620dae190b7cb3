/** As a cron schedule names them, Sunday first. */
const NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** The days of the week in a field of a cron schedule (`2`, `MON-FRI`, `1-5/2`, `*` or `*` with a step), in order, each once; 0 is Sunday. */
export function listWeekdays(field: string): readonly number[] {
  return [...new Set(field.split(",").flatMap(listDays))].toSorted((a, b) => a - b);
}

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
