import { isProperties } from "../property-names.ts";

/** What an id may be, for it goes into paths. */
const ID = /^[\w-]{1,64}$/;

/** The id in an answer; undefined where there is none, or one that would lead elsewhere in a path. */
export function readId(answer: unknown): string | undefined {
  const id = isProperties(answer) ? answer.id : undefined;
  return typeof id === "string" && ID.test(id) ? id : undefined;
}
