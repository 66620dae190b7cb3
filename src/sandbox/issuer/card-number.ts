import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext } from "../context.ts";

/** What stands on a card; `expYear` in four digits. */
export interface CardData {
  readonly number: string;
  readonly cvc: string;
  readonly expMonth: number;
  readonly expYear: number;
}

/** Makes a card of sixteen digits below a test range, with a right check digit, that ends three years from now. Number and code are kept as secrets for leak tests. */
export function mintCard(
  context: Pick<SandboxContext, "random" | "now" | "keepSecret">,
  range: string,
): CardData {
  const digits = (count: number): string =>
    (BigInt(`0x${context.random(12)}`) % 10n ** BigInt(count)).toString().padStart(count, "0");
  const body = `${range}${digits(15 - range.length)}`;
  const number = `${body}${checkDigit(body)}`;
  const end = new Date(context.now());
  context.keepSecret("card number", number);
  return {
    number,
    cvc: digits(3),
    expMonth: end.getUTCMonth() + 1,
    expYear: end.getUTCFullYear() + 3,
  };
}

/** SHA-256 of number and code together: whoever has only one of them finds no card. */
export function hashCard(number: string, cvc: string): string {
  return sha256(`card/${number}/${cvc}`);
}

/** Luhn. */
function checkDigit(body: string): number {
  const sum = [...body].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
