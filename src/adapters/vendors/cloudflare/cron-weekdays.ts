const NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const ITEM = /^([0-7]|[A-Z]{3})(?:-([0-7]|[A-Z]{3})(?:\/([1-7]))?)?$/;

/**
 * A schedule as Cloudflare reads it. Manifests count weekdays from 0 (or 7) for Sunday as cron does, Cloudflare from 1 (Workers
 * docs, "Cron Triggers"), so numbers become names. `*` and steps over `*` mean the same in both.
 */
export function toCloudflareCron(schedule: string): string {
  const fields = schedule.split(" ");
  const weekdays = (fields[4] ?? "").split(",").map(nameWeekdays).join(",");
  return [...fields.slice(0, 4), weekdays].join(" ");
}

function nameWeekdays(item: string): string {
  const match = ITEM.exec(item);
  if (match === null) return item;
  const first = toNumber(match[1] ?? "");
  const last = toNumber(match[2] ?? match[1] ?? "");
  const step = Number(match[3] ?? 1);
  if (step === 1 && last > first && last < 7) return `${toName(first)}-${toName(last)}`;
  const names = new Set<string>();
  for (let day = first; day <= last; day += step) names.add(toName(day));
  return [...names].join(",");
}

function toNumber(weekday: string): number {
  const index = NAMES.indexOf(weekday);
  return index >= 0 ? index : Number(weekday);
}

function toName(day: number): string {
  return NAMES[day % 7] ?? "";
}
