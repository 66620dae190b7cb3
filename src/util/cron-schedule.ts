interface Field {
  readonly min: number;
  readonly max: number;
  /** Names for `min`, `min + 1` ... */
  readonly names: readonly string[];
}

const FIELDS: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  {
    min: 1,
    max: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  { min: 0, max: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
];

/**
 * Whether the text is a cron schedule of five fields (minute, hour, day of month, month, day of week with 0 and 7 for Sunday), each a
 * list of `*`, a value or a range `a-b`, the last also and the first always with a step `/n`. Ranges do not wrap around.
 */
export function isCronSchedule(text: string): boolean {
  const parts = text.split(" ");
  return (
    text.length <= 256 &&
    parts.length === FIELDS.length &&
    FIELDS.every((field, i) => (parts[i] ?? "").split(",").every((item) => isItem(item, field)))
  );
}

const ITEM = /^(?:\*|([0-9]{1,2}|[A-Z]{3})(?:-([0-9]{1,2}|[A-Z]{3}))?)(?:\/([0-9]{1,2}))?$/;

function isItem(item: string, field: Field): boolean {
  const match = ITEM.exec(item);
  if (match === null) return false;
  const [, first, last, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.max)) return false;
  if (first === undefined) return true;
  if (step !== undefined && last === undefined) return false;
  const from = toNumber(first, field);
  const to = last === undefined ? from : toNumber(last, field);
  return from !== undefined && to !== undefined && from <= to;
}

function toNumber(text: string, { min, max, names }: Field): number | undefined {
  const index = names.indexOf(text);
  const value = index >= 0 ? min + index : /^\d+$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value >= min && value <= max ? value : undefined;
}
