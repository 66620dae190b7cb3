import { NAMESPACES } from "./printable.ts";

/**
 * Words that no constant of a strict-mode ES module may be called, the contextual keywords of TypeScript, which would be legal and
 * hard to read (`const of = ...`), and names that the file itself uses.
 */
const RESERVED: ReadonlySet<string> = new Set([
  ...Object.keys(NAMESPACES),
  "urls",
  ..."arguments await break case catch class const continue debugger default delete do else enum".split(
    " ",
  ),
  ..."eval export extends false finally for function globalThis if implements import in".split(" "),
  ..."instanceof interface let new null package private protected public return static".split(" "),
  ..."super switch this throw true try typeof undefined var void while with yield".split(" "),
  ..."abstract accessor any as assert asserts async bigint boolean constructor declare defer".split(
    " ",
  ),
  ..."from get global infer intrinsic is keyof module namespace never number object of out".split(
    " ",
  ),
  ..."override readonly require satisfies set string symbol type unique unknown using".split(" "),
]);

/**
 * One TypeScript identifier per name, in camel case: `session-key` -> `sessionKey`, `shop.domain.example.com` -> `shopDomain` (what
 * comes after the second dot is data). Reserved words get `Resource` behind them, what does not start with a letter `resource` before it,
 * and a name whose identifier is taken a number.
 * Names without a dot choose first, so that they keep the plain identifier.
 */
export function createIdentifiers(names: readonly string[]): ReadonlyMap<string, string> {
  const identifiers = new Map<string, string>();
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  const plain = names.filter((name) => !name.includes("."));
  for (const name of [...plain, ...names.filter((other) => other.includes("."))]) {
    const base = toIdentifier(name);
    let count = counts.get(base) ?? 1;
    let identifier = base;
    while (taken.has(identifier)) identifier = `${base}${++count}`;
    counts.set(base, count);
    taken.add(identifier);
    identifiers.set(name, identifier);
  }
  return identifiers;
}

function toIdentifier(name: string): string {
  const words = name
    .split(".", 2)
    .flatMap((part) => part.split("-"))
    .filter((word) => word !== "");
  const camel = words.map((word, i) => (i === 0 ? word : capitalise(word))).join("");
  if (!/^[a-z]/.test(camel)) return `resource${capitalise(camel)}`;
  return RESERVED.has(camel) ? `${camel}Resource` : camel;
}

function capitalise(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
