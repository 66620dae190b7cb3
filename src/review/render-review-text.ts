import { styleText } from "node:util";
import { toVisibleAscii } from "../util/visible-text.ts";
import type {
  Review,
  ReviewApproval,
  ReviewCap,
  ReviewChange,
  ReviewFinding,
  ReviewName,
  ReviewPermission,
} from "./review.ts";
import {
  countChanges,
  describeCharge,
  describeIssuer,
  drawBar,
  listCharacters,
  listSome,
  OP_MARKS,
  REASONS,
  VERDICTS,
} from "./review-phrases.ts";

export interface ReviewTextOptions {
  /** Colour for a terminal, default false. */
  readonly color?: boolean | undefined;
  /** Entries of each list that are shown, default 20. */
  readonly limit?: number | undefined;
}

type Colour = "green" | "yellow" | "red" | "magenta" | "bold" | "dim";
type Paint = (colour: Colour, text: string) => string;

const COLOURS: Readonly<Record<ReviewChange["op"], Colour>> = {
  create: "green",
  update: "yellow",
  replace: "magenta",
  delete: "red",
  read: "dim",
  import: "green",
  forget: "magenta",
};

const VERDICT_COLOURS: Readonly<Record<Review["verdict"], Colour>> = {
  refused: "red",
  "printed-only": "yellow",
  "needs-approval": "yellow",
  ready: "green",
};

/** A short summary for a terminal; visible ASCII and line feeds only, but for the colour codes where they are asked for. */
export function renderReviewText(review: Review, options: ReviewTextOptions = {}): string {
  const { color = false, limit = 20 } = options;
  const { cost, changes = [], payment = [], names = [], permissions } = review;
  const { irreversible, findings, approvals } = review;
  const paint: Paint = (colour, text) =>
    color ? styleText(colour, text, { validateStream: false }) : text;
  const title = paint("bold", `${plain(review.project)} on ${plain(review.stack)}`);
  const lines = [
    `${title}: ${countChanges(review)}`,
    ...section("", changes, limit, changePrinter(changes.slice(0, limit), paint)),
    "",
    "Cost",
    `  ${sumUp(cost)}`,
    ...entries(cost.caps, limit, capPrinter(cost.caps.slice(0, limit))),
    ...entries(
      cost.charges,
      limit,
      (charge) => `${plain(charge.resource)}: ${plain(describeCharge(charge))}`,
    ),
    ...section("Paid through", payment, limit, (one) =>
      plain(`${one.issuer}: ${describeIssuer(one)}`),
    ),
    ...section("Names that are not plain ASCII", names, limit, printName),
    ...section("Permissions of the stack's own token", permissions, limit, printPermission),
    ...section("Cannot be undone", irreversible, limit, ({ act, place }) => plain(act) + at(place)),
    ...section("Findings", findings, limit, (finding) => printFinding(finding, paint)),
    ...section("To approve", approvals, limit, printApproval),
    "",
    paint(VERDICT_COLOURS[review.verdict], `${VERDICTS[review.verdict]}.`),
  ];
  return `${lines.join("\n")}\n`;
}

function changePrinter(
  shown: readonly ReviewChange[],
  paint: Paint,
): (change: ReviewChange) => string {
  const width = Math.min(40, Math.max(0, ...shown.map(({ name }) => name.length)));
  return ({ op, name, cause, place, changedKeys }) => {
    const keys = changedKeys.length === 0 ? "" : ` [${listSome(changedKeys.map(plain), 4)}]`;
    const mark = OP_MARKS[op].padStart(3);
    const line = `${mark} ${plain(name).padEnd(width)}  ${plain(cause)}${at(place)}${keys}`;
    return paint(COLOURS[op], line);
  };
}

function sumUp({ oneTime, monthly, yearly }: Review["cost"]): string {
  return `now ${oneTime.join(" and ")}, each month ${monthly.join(" and ")}, each year again ${yearly.join(" and ")}`;
}

function capPrinter(shown: readonly ReviewCap[]): (cap: ReviewCap) => string {
  const width = Math.max(0, ...shown.map(({ name }) => plain(name).length));
  return (cap) =>
    `${plain(cap.name).padEnd(width)} ${drawBar(cap)}  ${cap.planned} of ${cap.cap}, ${cap.left} left`;
}

/** On three lines, and no character is left out. */
function printName(name: ReviewName): string {
  const { resource, domain, unicode, reading, place } = name;
  const likeness = reading === undefined ? "" : `, can be read as ${plain(reading)}`;
  return [
    `${plain(resource)}: ${plain(domain)}${at(place)}`,
    `    is ${toVisibleAscii(unicode)}${likeness}`,
    `    in it ${toVisibleAscii(listCharacters(name))}`,
  ].join("\n");
}

function printPermission({ group, scope, because }: ReviewPermission): string {
  return `${plain(group)} (${plain(scope)}) for ${listSome(because.map(plain), 8)}`;
}

function printFinding({ code, severity, message, place }: ReviewFinding, paint: Paint): string {
  const label = `${severity} ${code}`;
  const shown = severity === "error" ? paint("red", label) : label;
  // The back-quotes of a message are its own.
  return `${shown} ${message.split("`").map(plain).join("`")}${at(place)}`;
}

function printApproval({ resource, reason, place }: ReviewApproval): string {
  return `${plain(resource)}: ${REASONS[reason]}${at(place)}`;
}

const TEXT_MAX = 300;

/** Visible ASCII, not too long: nothing in it moves the cursor or hides what stands beside it. */
function plain(text: string): string {
  return toVisibleAscii(text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}...` : text);
}

function at(place: string | undefined): string {
  return place === undefined ? "" : ` (${plain(place)})`;
}

function section<T>(
  title: string,
  items: readonly T[],
  limit: number,
  print: (item: T) => string,
): readonly string[] {
  if (items.length === 0) return [];
  return ["", ...(title === "" ? [] : [title]), ...entries(items, limit, print)];
}

function entries<T>(
  items: readonly T[],
  limit: number,
  print: (item: T) => string,
): readonly string[] {
  const shown = items.slice(0, limit).map((item) => `  ${print(item)}`);
  return items.length > limit ? [...shown, `  ... and ${items.length - limit} more`] : shown;
}
