import { isBody } from "../cloudflare/body-fields.ts";
import type { DeployRecord } from "./netlify-records.ts";
import { parseSchedule } from "./parse-schedule.ts";

/** What a body says of a deploy. */
export interface NewDeploy extends Pick<DeployRecord, "files" | "functions" | "schedules"> {
  /** `NAME=value`. */
  readonly environment: readonly string[];
}

const SHA1 = /^[0-9a-f]{40}$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** From a slash on, with no part that leads elsewhere. */
const PATH = /^\/(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\0#?]+$/;
const FUNCTION = /^[\w-]+$/;
const VARIABLE = /^[a-zA-Z]\w*$/;

/** Reads `deployFiles` of the OpenAPI file; the message of what is wrong with it. */
export function readDeploy(body: Buffer): NewDeploy | string {
  const given = parse(body);
  if (!isBody(given)) return "the body is no object";
  const files = readDigests(given.files, PATH, SHA1);
  const functions = readDigests(given.functions, FUNCTION, SHA256);
  if (files === undefined || functions === undefined) return "files or functions are invalid";
  const schedules = readList(given.function_schedules, ({ name, cron }) =>
    typeof name === "string" &&
    typeof cron === "string" &&
    Object.hasOwn(functions, name) &&
    parseSchedule(cron) !== undefined
      ? { name, cron }
      : undefined,
  );
  const environment = readList(given.environment, ({ key, value, is_secret, scopes }) =>
    typeof key === "string" &&
    VARIABLE.test(key) &&
    typeof value === "string" &&
    typeof is_secret === "boolean" &&
    Array.isArray(scopes) &&
    scopes.includes("functions")
      ? `${key}=${value}`
      : undefined,
  );
  if (schedules === undefined || environment === undefined)
    return "function_schedules or environment are invalid";
  return { files, functions, schedules, environment };
}

function readDigests(
  given: unknown,
  name: RegExp,
  digest: RegExp,
): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(isBody(given) ? given : {});
  const isGood = entries.every(([key, value]) => name.test(key) && digest.test(String(value)));
  return isGood ? (Object.fromEntries(entries) as Record<string, string>) : undefined;
}

function readList<T>(
  given: unknown,
  read: (item: Readonly<Record<string, unknown>>) => T | undefined,
): readonly T[] | undefined {
  const items = Array.isArray(given) ? (given as readonly unknown[]) : [];
  const all = items.flatMap((item) => {
    const one = isBody(item) ? read(item) : undefined;
    return one === undefined ? [] : [one];
  });
  return all.length === items.length ? all : undefined;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
