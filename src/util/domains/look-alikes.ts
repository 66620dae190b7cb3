/**
 * Latin letters and digits -> characters that are taken for them. Of UTS 39's `confusables.txt` those that a domain may hold, in the four
 * scripts that look like Latin (others are never beside Latin letters in a name that passes); `k`, `m`, `n`, `t`, `b` and others that
 * file lacks are from the table that Chromium adds to it (`components/url_formatter/spoof_checks/skeleton_generator.cc`).
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: "\u0251\u03b1\u0430",
  ae: "\u00e6\u04d5",
  b: "\u0185\u0432\u044c\u048d",
  c: "\u0441\u04ab\u1d04",
  d: "\u0111\u018d\u0501\u0503",
  e: "\u0435\u0454\u04bd\u04bf\uab32",
  f: "\u0493\u04fb\u0584\u1e9d\ua799\uab35",
  g: "\u0261\u050d\u0581\u1d83",
  h: "\u0127\u043d\u045b\u04a3\u04a5\u04bb\u04c8\u04ca\u050b\u0527\u0529\u0570",
  i: "\u0131\u0269\u026a\u03b9\u0456\ua647",
  j: "\u03f3\u0458",
  k: "\u0138\u03ba\u043a\u049b\u049d\u049f\u04a1\u04c4\u051f",
  // UTS 39 takes the palochka for `i`; the fonts of browsers draw it as `l`.
  l: "\u0142\u01c0\u04cf",
  m: "\u043c\u04ce",
  n: "\u014b\u03b7\u043f\u0525\u0578\u057c",
  o: "\u00f8\u03bf\u03c3\u043e\u0585\u1d0f\u1d11\uab3d",
  oe: "\u0153",
  oo: "\ua699\ua74f",
  p: "\u03c1\u03fc\u0440\u048f",
  q: "\u051b\u0563\u0566",
  r: "\u0433\u0491\u1d26\uab47\uab48",
  s: "\u01bd\u0455\ua731",
  t: "\u0167\u03c4\u0442\u04ad\u050f",
  u: "\u028b\u03c5\u057d\u1d1c\ua79f\uab4e\uab52",
  v: "\u03bd\u0475\u1d20",
  w: "\u026f\u03c9\u0448\u0449\u0461\u051d\u0561\u1d21",
  x: "\u03c7\u0445\u04b3\u04fd\u04ff",
  y: "\u0263\u028f\u03b3\u0443\u04af\u04b1\u1d8c\u1eff\uab5a",
  z: "\u1d22",
  "0": "\u03b8",
  "2": "\u0577",
  "3": "\u0437\u0499\u04e1",
  "6": "\u0431\u0573",
  "8": "\u0223",
};
const LATIN = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([latin, characters]) =>
    [...characters].map((character) => [character, latin] as const),
  ),
);

/** Signs of ASCII that are taken for others, in the direction of UTS 39. */
const ASCII_LOOK_ALIKES: readonly (readonly [string, string])[] = [
  ["0", "o"],
  ["1", "l"],
  ["m", "rn"],
  ["w", "vv"],
];

/**
 * What two texts have in common exactly when one is taken for the other (UTS 39 section 4, with the table above). Not for people to read.
 * Accents and other marks tell letters apart, so they stay.
 */
export function toSkeleton(label: string): string {
  let skeleton = toLatin(label);
  for (const [sign, other] of ASCII_LOOK_ALIKES) skeleton = skeleton.replaceAll(sign, other);
  return skeleton;
}

/**
 * The ASCII text for which people may take a name that is not plain ASCII: look-alikes replaced, marks left out. Undefined when it does not
 * read as one.
 */
export function readAsAscii(name: string): string | undefined {
  if (/^[\x20-\x7e]*$/.test(name)) return undefined;
  const reading = toLatin(name).replaceAll(/\p{M}/gu, "");
  return /^[\x20-\x7e]+$/.test(reading) ? reading : undefined;
}

/** Composed letters that have an entry of their own are replaced before the others are taken apart. */
function toLatin(text: string): string {
  const replace = (character: string): string => LATIN.get(character) ?? character;
  const whole = Array.from(text.normalize("NFC"), replace).join("");
  return Array.from(whole.normalize("NFD"), replace).join("");
}
