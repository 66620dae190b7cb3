import { VERB_CLASSES, type Verb } from "../compiler/vocabulary.ts";
import { memberAt } from "../util/json-access.ts";
import type { DelegationRequest } from "./session.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const NAMES_MAX = 200;

/** Reads what a sub-agent is to get; undefined when it is none. A list that is there, though empty, gives nothing. */
export function readDelegation(value: unknown): DelegationRequest | undefined {
  const id = memberAt(value, "id");
  const ttlSeconds = memberAt(value, "ttlSeconds");
  if (typeof id !== "string" || !ID.test(id)) return undefined;
  if (typeof ttlSeconds !== "number" || !Number.isInteger(ttlSeconds) || ttlSeconds < 1)
    return undefined;
  const verbs = readNames(value, "verbs");
  const kinds = readNames(value, "kinds");
  const resources = readNames(value, "resources");
  const tokenScopes = readNames(value, "tokenScopes");
  const lists = [verbs, kinds, resources, tokenScopes];
  if (lists.includes("wrong")) return undefined;
  const [known, ...rest] = lists as (readonly string[] | undefined)[];
  if (known?.some((verb) => !Object.hasOwn(VERB_CLASSES, verb))) return undefined;
  return {
    ...{ id, ttlSeconds, verbs: known as readonly Verb[] | undefined },
    ...{ kinds: rest[0], resources: rest[1], tokenScopes: rest[2] },
  };
}

function readNames(value: unknown, name: string): readonly string[] | undefined | "wrong" {
  const list = memberAt(value, name);
  if (list === undefined) return undefined;
  const isList =
    Array.isArray(list) &&
    list.length <= NAMES_MAX &&
    list.every((one) => typeof one === "string" && one.length <= 200);
  return isList ? [...(list as readonly string[])] : "wrong";
}
