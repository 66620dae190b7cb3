/** Blocks whose letters are written from right to left (bidirectional classes R and AL). */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Digits of the class AN, and those of the class EN. */
const ARABIC_NUMBER = /[\u0660-\u0669\u{10d30}-\u{10d39}\u{10e60}-\u{10e7e}]/u;
const EUROPEAN_NUMBER = /[0-9\u06f0-\u06f9]/;
/** The hyphen, marks that do not advance, and signs that have no direction of their own. */
const NEUTRAL = /[-\p{Mn}\u00b7\u0375\u30fb]/u;

type Direction = "left-to-right" | "right-to-left" | "arabic-number" | "european-number";

/**
 * Whether a name of these labels keeps the Bidi rule (RFC 5893 section 2). The rule is about names in which something is written from
 * right to left; all others keep it.
 */
export function keepsOneDirection(labels: readonly string[]): boolean {
  const directions = labels.map(directionsOf);
  const isBidirectional = directions.some((label) =>
    label.some((one) => one === "right-to-left" || one === "arabic-number"),
  );
  return !isBidirectional || directions.every(isOneWay);
}

function directionsOf(label: string): readonly Direction[] {
  return [...label].filter((character) => !NEUTRAL.test(character)).map(directionOf);
}

function directionOf(character: string): Direction {
  if (EUROPEAN_NUMBER.test(character)) return "european-number";
  if (ARABIC_NUMBER.test(character)) return "arabic-number";
  return RIGHT_TO_LEFT.test(character) ? "right-to-left" : "left-to-right";
}

/** Begins with a letter and goes on in its direction; numbers of one kind may follow, Arabic ones only from right to left. */
function isOneWay(label: readonly Direction[]): boolean {
  const has = (direction: Direction): boolean => label.includes(direction);
  if (label[0] === "left-to-right") return !has("right-to-left") && !has("arabic-number");
  if (label[0] !== "right-to-left") return false;
  return !has("left-to-right") && !(has("arabic-number") && has("european-number"));
}
