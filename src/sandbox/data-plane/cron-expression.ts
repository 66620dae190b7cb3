/** A five-field cron expression, understood. Times are UTC. */
export interface CronExpression {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Empty when the field is `*`. */
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday, as in `Date`; empty when the field is `*`. */
  readonly weekdays: readonly number[];
  /** `L` in the day field. */
  readonly isLastDay: boolean;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Reads `minute hour day month weekday` with lists, ranges, steps and names. Undefined for anything else.
 *
 * Source: Workers docs, "Cron Triggers", where weekday 1 is Sunday. Of Quartz's letters only `L` as the day is understood.
 */
export function parseCron(text: string): CronExpression | undefined {
  const fields = text.trim().toUpperCase().split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  if (fields.length !== 5) return undefined;
  const minutes = parseField(minute, 0, 59, []);
  const hours = parseField(hour, 0, 23, []);
  const isLastDay = day === "L";
  const days = isLastDay || day === "*" ? [] : parseField(day, 1, 31, []);
  const months = parseField(month, 1, 12, MONTHS);
  const weekdays = weekday === "*" ? [] : parseField(weekday, 1, 7, WEEKDAYS);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  return { minutes, hours, days, months, weekdays: weekdays.map((value) => value - 1), isLastDay };
}

/** Whether the expression fires in the minute that holds the moment, milliseconds since the epoch. */
export function matchesCron(expression: CronExpression, moment: number): boolean {
  const date = new Date(moment);
  if (!expression.minutes.includes(date.getUTCMinutes())) return false;
  if (!expression.hours.includes(date.getUTCHours())) return false;
  if (!expression.months.includes(date.getUTCMonth() + 1)) return false;
  const hasDay = expression.isLastDay || expression.days.length > 0;
  const hasWeekday = expression.weekdays.length > 0;
  const isDay = expression.isLastDay
    ? date.getUTCDate() === lastDayOfMonth(date)
    : expression.days.includes(date.getUTCDate());
  const isWeekday = expression.weekdays.includes(date.getUTCDay());
  // Cron's old rule: when both fields are given, either one suffices.
  if (hasDay && hasWeekday) return isDay || isWeekday;
  return (!hasDay || isDay) && (!hasWeekday || isWeekday);
}

function lastDayOfMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function parseField(
  field: string,
  low: number,
  high: number,
  names: readonly string[],
): readonly number[] | undefined {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const range = parseRange(part, low, high, names);
    if (range === undefined) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return [...values].sort((left, right) => left - right);
}

function parseRange(part: string, low: number, high: number, names: readonly string[]) {
  const [span = "", stepText, ...rest] = part.split("/");
  if (rest.length > 0) return undefined;
  const step = stepText === undefined ? 1 : readNumber(stepText, 1, high, []);
  if (step === undefined) return undefined;
  if (span === "*") return { from: low, to: high, step };
  const [fromText = "", toText, ...more] = span.split("-");
  const from = readNumber(fromText, low, high, names);
  const openEnd = stepText === undefined ? from : high;
  const to = toText === undefined ? openEnd : readNumber(toText, low, high, names);
  if (more.length > 0 || from === undefined || to === undefined || to < from) return undefined;
  return { from, to, step };
}

function readNumber(text: string, low: number, high: number, names: readonly string[]) {
  const named = names.indexOf(text);
  if (named >= 0) return low + named;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}
