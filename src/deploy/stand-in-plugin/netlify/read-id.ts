import { isProperties } from "../property-names.ts";

/** The id in an answer. One that is missing would become the state's key for ever; so an answer without one is an error. */
export function readId(answer: unknown, what: string): string {
  const id = isProperties(answer) ? answer.id : undefined;
  if (typeof id !== "string" || id === "") throw new Error(`the answer about ${what} holds no id`);
  return id;
}
