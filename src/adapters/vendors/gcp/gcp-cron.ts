const NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** A schedule as Cloud Scheduler reads it (docs, "Cron job format"): Sunday is 0 there, and in manifests 7 as well. */
export function toGcpCron(schedule: string): string {
  const fields = schedule.split(" ");
  const weekdays = new Set((fields[4] ?? "").split(",").flatMap(spellSunday));
  return [...fields.slice(0, 4), [...weekdays].join(",")].join(" ");
}

/** What is or ends on 7 is written day by day. */
function spellSunday(item: string): readonly string[] {
  const [, first, step = "1"] = /^(?:(\w+)-)?7(?:\/(\d+))?$/.exec(item) ?? ["", "none"];
  if (first === "none") return [item];
  const days: string[] = [];
  for (let day = toNumber(first ?? "7"); day <= 7; day += Number(step)) days.push(`${day % 7}`);
  return days;
}

function toNumber(day: string): number {
  const index = NAMES.indexOf(day);
  return index >= 0 ? index : Number(day);
}
