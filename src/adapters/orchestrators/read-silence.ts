import type { ExchangeFailure } from "../../util/fetch-json.ts";
import type { Failure } from "./read-answers.ts";

/** An exchange without an answer. `unreachable` is a definite no, since nothing was received; all else may have been. */
export function readSilence({ failure }: { readonly failure: ExchangeFailure }): Failure {
  return { kind: failure === "unreachable" ? "refused" : "unknown", code: failure };
}
