import { formatMoney, type Money } from "../util/money.ts";
import { quoteText } from "../util/visible-text.ts";

/** A named hole in a message; `print` decides how its value is shown. */
export interface Slot<Name extends string, Value> {
  readonly name: Name;
  readonly print: (value: Value) => string;
}

type AnySlot = Slot<string, never>;

/** The values that a list of slots asks for. */
export type SlotValues<Slots extends readonly AnySlot[]> = {
  readonly [S in Slots[number] as S["name"]]: S extends Slot<string, infer Value> ? Value : never;
};

/** A sentence with holes. `print` gives undefined when a value of an optional hole is missing. */
export interface Message<Values> {
  /** The sentence with its holes as `<name>`, for documentation. */
  readonly template: string;
  readonly print: (values: Values) => string | undefined;
}

/**
 * Writes a message: `` say`unknown key ${input("key")}` ``. The values are type-checked where the message is used, and text of the
 * user reaches the sentence through {@link input} only, so it is always quoted, escaped and shortened.
 */
export function say<const Slots extends readonly AnySlot[]>(
  texts: TemplateStringsArray,
  ...slots: Slots
): Message<SlotValues<Slots>> {
  const template = texts.reduce((all, text, i) => `${all}<${slots[i - 1]?.name ?? ""}>${text}`);
  return {
    template,
    print(values) {
      let sentence = texts[0] ?? "";
      for (const [i, slot] of slots.entries()) {
        const value = (values as Readonly<Record<string, unknown>>)[slot.name];
        if (value === undefined) return undefined;
        sentence += slot.print(value as never) + (texts[i + 1] ?? "");
      }
      return sentence;
    },
  };
}

/** Text of the user. */
export function input<const Name extends string>(name: Name): Slot<Name, string> {
  return { name, print: (text) => quoteText(text) };
}

/** Texts of the user, at most twelve of them shown. */
export function inputs<const Name extends string>(name: Name): Slot<Name, readonly string[]> {
  return { name, print: listTexts };
}

/** Our own words, printed as they are; never text of the user. */
export function phrase<const Name extends string>(name: Name): Slot<Name, string> {
  return { name, print: (text) => text };
}

/** A count. */
export function count<const Name extends string>(name: Name): Slot<Name, number> {
  return { name, print: (value) => value.toLocaleString("en-US") };
}

/** An amount, `12.00 USD`. */
export function money<const Name extends string>(name: Name): Slot<Name, Money> {
  return { name, print: formatMoney };
}

/** A slot whose value may be missing; a message in which it is missing is not used. */
export function optional<const Name extends string, Value>(
  slot: Slot<Name, Value>,
): Slot<Name, Value | undefined> {
  return { name: slot.name, print: (value) => (value === undefined ? "" : slot.print(value)) };
}

const LISTED_MAX = 12;

function listTexts(texts: readonly string[]): string {
  if (texts.length === 0) return "none";
  const shown = texts.slice(0, LISTED_MAX).map((text) => quoteText(text));
  const rest = texts.length - shown.length;
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`;
}
