import type {
  Review,
  ReviewCap,
  ReviewChange,
  ReviewCharge,
  ReviewIssuer,
  ReviewName,
} from "./review.ts";

/** Sentences and figures that all renderings share. */
export const OP_MARKS: Readonly<Record<ReviewChange["op"], string>> = {
  create: "+",
  update: "~",
  replace: "-/+",
  delete: "-",
  read: ">",
  import: "=",
  forget: "x",
};

const VERBS: Readonly<Record<ReviewChange["op"], string>> = {
  create: "to create",
  update: "to change",
  replace: "to replace",
  delete: "to delete",
  read: "to read",
  import: "to import",
  forget: "to forget",
};

export const VERDICTS: Readonly<Record<Review["verdict"], string>> = {
  refused: "Refused: the guardrails say no",
  "printed-only": "Printed only: nothing applies it, and what is there is not known",
  "needs-approval": "A person must approve",
  ready: "Ready: nobody needs to approve",
};

export const REASONS: Readonly<Record<Review["approvals"][number]["reason"], string>> = {
  paid: "it costs money",
  irreversible: "it cannot be undone",
  "unknown-price": "its price is not known",
  "foreign-name": "its name is not plain ASCII",
};

/** `3 to create, 1 to delete, 2 unchanged`. */
export function countChanges({ changes, unchanged }: Review): string {
  if (changes === undefined) return "the engine was not asked what would change";
  const parts = Object.entries(VERBS).flatMap(([op, verb]) => {
    const count = changes.filter((change) => change.op === op).length;
    return count === 0 ? [] : [`${count} ${verb}`];
  });
  return [...parts, `${unchanged} unchanged`].join(", ");
}

/** The amounts of one line of the bill, without the catalogue's words. */
export function describeCharge(charge: ReviewCharge): string {
  const { oneTime, monthly, yearly, rates, source, exists, kind } = charge;
  const fixed = oneTime !== undefined || monthly !== undefined;
  const parts = [
    ...(oneTime === undefined
      ? []
      : [exists ? `${oneTime} (paid before)` : `${SOURCES[source]}${oneTime} now`]),
    ...(monthly === undefined ? [] : [`${monthly} a month`]),
    ...(yearly === undefined ? [] : [`${yearly} again each year`]),
    ...(kind === "usage" ? [`${fixed ? "use on top" : "by use"}, with no bound but the caps`] : []),
    ...(kind === "unknown" ? ["price not known"] : []),
    ...(rates.length === 0 ? [] : [listSome(rates, RATES_MAX)]),
  ];
  return parts.join("; ");
}

const RATES_MAX = 8;

const SOURCES: Readonly<Record<ReviewCharge["source"], string>> = {
  catalogue: "",
  "price-book": "about ",
  bound: "at most ",
};

/** `the token itself: amount, payee; our ledger: monthly reset` */
export function describeIssuer({ enforces, ledger }: ReviewIssuer): string {
  const list = (words: readonly string[]): string =>
    words.length === 0 ? "nothing" : words.join(", ");
  return `the token itself sees to ${list(enforces)}; our ledger to ${list(ledger)}`;
}

/** `U+0430 Cyrillic, U+0440 Cyrillic`. */
export function listCharacters({ characters }: ReviewName): string {
  return characters.map(({ codePoint, script }) => `${codePoint} ${script}`).join(", ");
}

/** The first ones, and how many more there are. */
export function listSome(texts: readonly string[], limit: number): string {
  const shown = texts.slice(0, limit);
  const rest = texts.length - shown.length;
  return rest === 0 ? shown.join(", ") : [...shown, `${rest} more`].join(", ");
}

const CELLS = 20;

/** `[####----------------]  21 %`; a cap that is exceeded is full of exclamation marks. */
export function drawBar({ percent }: ReviewCap): string {
  const filled = Math.min(CELLS, Math.ceil((percent * CELLS) / 100));
  const bar = percent > 100 ? "!".repeat(CELLS) : "#".repeat(filled) + "-".repeat(CELLS - filled);
  return `[${bar}] ${String(percent).padStart(3)} %`;
}
