/** Scripts in general use (Unicode Standard Annex 31, table 5). */
const SCRIPTS = [
  ...["Latin", "Greek", "Cyrillic", "Armenian", "Georgian", "Hebrew", "Arabic", "Thaana"],
  ...["Han", "Hiragana", "Katakana", "Hangul", "Bopomofo", "Thai", "Lao", "Khmer", "Myanmar"],
  ...["Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada"],
  ...["Malayalam", "Sinhala", "Tibetan", "Ethiopic"],
] as const;
/** Made when the first label is looked at: most runs look at none. */
let matchers: readonly ScriptMatcher[] | undefined;

interface ScriptMatcher {
  readonly script: (typeof SCRIPTS)[number];
  readonly own: RegExp;
  readonly used: RegExp;
}

function listMatchers(): readonly ScriptMatcher[] {
  matchers ??= SCRIPTS.map((script) => ({
    script,
    own: new RegExp(String.raw`\p{Script=${script}}`, "u"),
    used: new RegExp(String.raw`\p{Script_Extensions=${script}}`, "u"),
  }));
  return matchers;
}

/** Scripts that are written together, each with or without Latin: Japanese, Chinese with Bopomofo, Korean (UTS 39 section 5.2). */
const TOGETHER: readonly (readonly string[])[] = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Bopomofo"],
  ["Latin", "Han", "Hangul"],
];

/** What keeps a label from being bought by anyone. */
export type ScriptFault =
  /** Scripts that are not written together, by name. */
  | { readonly kind: "mixed-scripts"; readonly scripts: readonly string[] }
  /** ASCII digits beside those of another script. */
  | { readonly kind: "mixed-digits" }
  /** Characters of scripts that are not in general use. */
  | { readonly kind: "rare-script"; readonly characters: readonly string[] };

/**
 * Judges a label as people read it by the restriction level "highly restrictive" (UTS 39 section 5.2): one script in general use, or Latin
 * with the scripts of Japanese, Chinese or Korean. Characters that several scripts share count for each of them.
 */
export function findScriptFault(label: string): ScriptFault | undefined {
  const letters = [...label].filter((character) => !isShared(character));
  const uses = letters.map((character) =>
    listMatchers()
      .filter(({ used }) => used.test(character))
      .map(({ script }) => script),
  );
  const rare = letters.filter((_, i) => uses[i]?.length === 0);
  if (rare.length > 0) return { kind: "rare-script", characters: [...new Set(rare)] };
  const sets = [...SCRIPTS.map((script) => [script]), ...TOGETHER];
  const fits = (scripts: readonly string[]): boolean =>
    uses.every((used) => used.some((script) => scripts.includes(script)));
  if (!sets.some(fits)) {
    const scripts = letters.map((letter, i) => ownScript(letter) ?? uses[i]?.[0] ?? OTHER);
    return { kind: "mixed-scripts", scripts: [...new Set(scripts)] };
  }
  const digits = label.match(/\p{Nd}/gu) ?? [];
  const ascii = digits.filter((digit) => /[0-9]/.test(digit)).length;
  return ascii > 0 && ascii < digits.length ? { kind: "mixed-digits" } : undefined;
}

/** The scripts to which a text's characters belong, by first use; those that all scripts share are left out. */
export function listScripts(text: string): readonly string[] {
  return [...new Set([...text].flatMap((character) => ownScript(character) ?? []))];
}

const OTHER = "Other";

/** The script of one character: its Unicode name, `Common` for what scripts share, `Other` outside the scripts in general use. */
export function scriptOf(character: string): string {
  const shared = /[\p{Script=Common}\p{Script=Inherited}]/u.test(character);
  return ownScript(character) ?? (shared ? "Common" : OTHER);
}

/** `U+0430`. */
export function formatCodePoint(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${digits.padStart(4, "0")}`;
}

function ownScript(character: string): string | undefined {
  return listMatchers().find(({ own }) => own.test(character))?.script;
}

/** Without scripts of its own: hyphens, ASCII digits and most combining marks. */
function isShared(character: string): boolean {
  return /[\p{Script_Extensions=Common}\p{Script_Extensions=Inherited}]/u.test(character);
}
