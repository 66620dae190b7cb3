import type { Severity } from "./diagnostic.ts";
import type { Message } from "./message.ts";

/** One code of the catalogue. */
export interface CodeEntry<Values> {
  /** What the code is about, a noun phrase for lists of rules. */
  readonly title: string;
  readonly severity: Severity;
  readonly message: Message<Values>;
  /** Alternatives: the first whose values are all there is shown. */
  readonly remedies: readonly Message<Values>[];
}

type ValuesOf<M> = M extends Message<infer Values> ? Values : never;
type Together<Union> = (Union extends unknown ? (value: Union) => void : never) extends (
  value: infer All,
) => void
  ? All
  : never;

/** Declares a code; its values are those of the message and of all remedies together. */
export function defineCode<
  const M extends Message<never>,
  const R extends readonly Message<never>[],
>(entry: {
  readonly title: string;
  readonly severity: Severity;
  readonly message: M;
  readonly remedies: R;
}): CodeEntry<ValuesOf<M> & Together<ValuesOf<R[number]>>> {
  return entry as unknown as CodeEntry<ValuesOf<M> & Together<ValuesOf<R[number]>>>;
}
