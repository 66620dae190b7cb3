import type { StoredObject } from "./bucket.ts";
import { describeObject } from "./describe-object.ts";

/** The object that a store's answer holds. */
export function readObject(key: string, answer: Response): StoredObject {
  return {
    ...describeObject(key, answer.headers),
    body: answer.body ?? new Blob([]).stream(),
    text: () => answer.text(),
    json: () => answer.json(),
    arrayBuffer: () => answer.arrayBuffer(),
  };
}
