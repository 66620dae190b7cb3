import { toCell, toCode, toSentence } from "./escape-markdown.ts";
import type { Place, Review, ReviewIssuer, ReviewName } from "./review.ts";
import {
  countChanges,
  describeCharge,
  describeIssuer,
  drawBar,
  listCharacters,
  OP_MARKS,
  REASONS,
  VERDICTS,
} from "./review-phrases.ts";

/** What fits into a comment of the code hosts. */
export const MARKDOWN_LENGTH_MAX = 65_535;

/** Entries of each list that are shown, from generous to few, until the whole fits. */
const LIMITS = [1000, 200, 50, 20, 5, 1] as const;

/**
 * The review for a person, as Markdown of at most {@link MARKDOWN_LENGTH_MAX} characters, ASCII only: lists are cut, with the number of
 * what is left out, until it fits. Text of catalogue, manifest and providers stands in code spans.
 */
export function renderReviewMarkdown(review: Review): string {
  for (const limit of LIMITS) {
    const text = renderWithin(review, limit);
    if (text.length <= MARKDOWN_LENGTH_MAX) return text;
  }
  throw new Error("a review of one entry per list does not fit");
}

function renderWithin(review: Review, limit: number): string {
  const sections = [
    renderHead(review),
    renderChanges(review, limit),
    renderCost(review, limit),
    ...(review.payment === undefined ? [] : [renderPayment(review.payment, limit)]),
    ...(review.names === undefined ? [] : [renderNames(review.names, limit)]),
    renderPermissions(review, limit),
    renderActs(review, limit),
    renderFindings(review, limit),
    renderApprovals(review, limit),
    renderDigests(review, limit),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function renderHead(review: Review): readonly string[] {
  const { project, stack, live, agent, principal } = review;
  return [
    `# ${toCode(project)} on ${toCode(stack)}`,
    "",
    `**${VERDICTS[review.verdict]}.** ${countChanges(review)}.`,
    "",
    `Asked for by the agent ${toCode(agent)} on behalf of ${toCode(principal)}; ${
      live ? "this stack is live, money is real" : "this stack is the sandbox, no money moves"
    }.`,
  ];
}

function renderChanges({ changes }: Review, limit: number): readonly string[] {
  if (changes === undefined) return ["## What changes", "", "The engine was not asked."];
  if (changes.length === 0) return ["## What changes", "", "Nothing."];
  const heads = ["", "name", "type", "because of", "inputs"];
  const rows = table(heads, changes, limit, ({ op, name, type, cause, place, changedKeys }) => [
    toCell(`${OP_MARKS[op]} ${op}`),
    toCell(name),
    toCell(type),
    place === undefined ? toCell(cause) : `${toCell(cause)}, ${toCell(place)}`,
    listNames(changedKeys),
  ]);
  return ["## What changes", "", ...rows];
}

const NAMES_MAX = 8;

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => toCell(name));
  const rest = names.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Unit rates are worth more room than other texts. */
const PRICE_MAX = 400;

function renderCost({ cost }: Review, limit: number): readonly string[] {
  const { oneTime, monthly, yearly, charges, caps } = cost;
  const heads = ["resource", "service", "price", "in the words of the catalogue"];
  const rows = table(heads, charges, limit, (charge) => [
    toCell(charge.resource),
    toCell(charge.service),
    toCell(describeCharge(charge), PRICE_MAX),
    charge.text === "" ? "" : toCell(charge.text),
  ]);
  const bars = table(["cap", "used", "planned", "cap", "left"], caps, limit, (cap) => [
    toCell(cap.name),
    `\`${drawBar(cap)}\``,
    cap.planned,
    cap.cap,
    cap.left,
  ]);
  return [
    "## Cost",
    "",
    `Now ${oneTime.join(" and ")}; each month ${monthly.join(" and ")}; each year again ${yearly.join(" and ")}.`,
    "",
    ...(charges.length === 0 ? ["Everything is free."] : rows),
    "",
    ...bars,
  ];
}

/** Room for every character of the longest name. */
const CHARACTERS_MAX = 8000;

function renderNames(names: readonly ReviewName[], limit: number): readonly string[] {
  const lines = list(names, limit, (name) => {
    const { resource, domain, unicode, reading, place } = name;
    const likeness = reading === undefined ? "" : `, can be read as ${toCode(reading)}`;
    const characters = toCode(listCharacters(name), CHARACTERS_MAX);
    return `${toCode(resource)}: ${toCode(domain, CHARACTERS_MAX)}${at(place)} is ${toCode(unicode, CHARACTERS_MAX)}${likeness}; in it ${characters}`;
  });
  return ["## Names that are not plain ASCII", "", ...lines];
}

function renderPayment(payment: readonly ReviewIssuer[], limit: number): readonly string[] {
  const lines = list(
    payment,
    limit,
    (one) => `${toCode(one.issuer)} (${toSentence(one.title)}): ${toSentence(describeIssuer(one))}`,
  );
  return ["## Paid through", "", ...lines];
}

function renderPermissions({ permissions }: Review, limit: number): readonly string[] {
  const heads = ["provider", "right", "scope", "because of"];
  const rows = table(heads, permissions, limit, ({ provider, group, scope, because }) => [
    toCell(provider),
    toCell(group),
    toCell(scope),
    listNames(because),
  ]);
  return [
    "## Permissions of the stack's own token",
    "",
    ...(permissions.length === 0 ? ["None."] : rows),
  ];
}

function renderActs({ irreversible }: Review, limit: number): readonly string[] {
  const lines = list(irreversible, limit, ({ act, place }) => `${toCode(act)}${at(place)}`);
  return ["## What cannot be undone", "", ...lines];
}

function renderFindings({ findings }: Review, limit: number): readonly string[] {
  const lines = list(findings, limit, ({ code, severity, message, remedy, place }) => {
    const advice = remedy === undefined ? "" : `; ${toSentence(remedy)}`;
    return `**${severity} ${code}** ${toSentence(message)}${at(place)}${advice}`;
  });
  return ["## Findings", "", ...lines];
}

function renderApprovals({ approvals, approvalRule }: Review, limit: number): readonly string[] {
  const { count, validHours } = approvalRule;
  const people = count === 1 ? "One person" : `${count} different people`;
  const rule = `${people} must sign; that holds for ${validHours} hours.`;
  const lines = list(
    approvals,
    limit,
    ({ resource, reason, place }) => `${toCode(resource)}: ${REASONS[reason]}${at(place)}`,
  );
  return ["## Approvals needed", "", ...(approvals.length === 0 ? [] : [rule, ""]), ...lines];
}

function renderDigests({ digests }: Review, limit: number): readonly string[] {
  const { manifest, guardrails, catalog, files } = digests;
  const inputs = Object.entries({ manifest, guardrails, catalogue: catalog });
  const rows = [...inputs, ...files.map(({ path, sha256 }) => [path, sha256] as const)];
  // The inputs are never left out.
  const shown = Math.max(limit, inputs.length);
  const lines = table(["what", "SHA-256"], rows, shown, (row) => row.map((text) => toCell(text)));
  return ["## Digests", "", ...lines];
}

function at(place: Place | undefined): string {
  return place === undefined ? "" : ` (${toCode(place)})`;
}

function table<T>(
  heads: readonly string[],
  items: readonly T[],
  limit: number,
  toCells: (item: T) => readonly string[],
): readonly string[] {
  return [
    `| ${heads.join(" | ")} |`,
    `|${heads.map(() => "---|").join("")}`,
    ...items.slice(0, limit).map((item) => `| ${toCells(item).join(" | ")} |`),
    ...(items.length > limit ? ["", `... and ${items.length - limit} more.`] : []),
  ];
}

function list<T>(
  items: readonly T[],
  limit: number,
  toLine: (item: T) => string,
): readonly string[] {
  if (items.length === 0) return ["None."];
  const shown = items.slice(0, limit).map((item) => `- ${toLine(item)}`);
  return items.length > limit ? [...shown, `- ... and ${items.length - limit} more.`] : shown;
}
