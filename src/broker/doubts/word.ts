import type { DomainAnswer } from "../../adapters/vendors/contract.ts";
import type { Money } from "../../util/money.ts";

/** How an act without an answer is settled. It lies in the journal in the place of the answer until the books follow. */
export interface Word {
  readonly kind: "word";
  readonly happened: boolean;
  /** `provider`: it was seen there when it was looked for once more. */
  readonly by: "person" | "provider";
  /** What was charged; absent: all that is held. */
  readonly charged?: Money | undefined;
  /** The domain as the provider showed it. */
  readonly seen?: (DomainAnswer & { readonly kind: "registered" }) | undefined;
}

/** Whether what lies in the place of an answer was not given by the provider to the act itself. */
export function isWord(answer: unknown): answer is Word {
  return (
    typeof answer === "object" && answer !== null && "kind" in answer && answer.kind === "word"
  );
}
