import type { Verb } from "../compiler/vocabulary.ts";
import type { Money } from "../util/money.ts";
import type { AccessRequest } from "./access-request.ts";
import type { PermissionPolicy } from "./compile-permissions.ts";

/** What a request says beside who, what and to which kind. */
export type Circumstance = Pick<
  AccessRequest,
  "live" | "project" | "provider" | "amount" | "count" | "irreversible"
>;

/**
 * Every circumstance in which the rules for a verb can tell two requests apart: one on each side of every condition that some rule has.
 * Nobody has approved anything in any of them.
 */
export function listCircumstances(
  policies: readonly PermissionPolicy[],
  verb: Verb,
): readonly Circumstance[] {
  const conditions = policies.flatMap(({ byVerb }) => byVerb[verb] ?? []).map(({ when }) => when);
  const names = (key: "projects" | "providers"): readonly (string | undefined)[] =>
    withUndefined(conditions.flatMap((when) => (when[key] ? [...when[key], OTHER] : [])));
  const amounts = conditions
    .flatMap(({ maxAmount, above }) => [maxAmount, above])
    .filter((amount) => amount !== undefined)
    .flatMap(({ currency, minor }): Money[] => [
      { currency, minor },
      { currency, minor: minor + 1n },
    ]);
  if (amounts.length > 0) amounts.push({ currency: "XXX", minor: 0n });
  const byText = new Map(amounts.map((one) => [`${one.minor} ${one.currency}`, one]));
  const counts = conditions.flatMap(({ from }) => (from === undefined ? [] : [from - 1, from]));
  const irreversible = conditions.some((when) => when.irreversible === true)
    ? [false, true]
    : [false];
  return [false, true].flatMap((live) =>
    names("projects").flatMap((project) =>
      names("providers").flatMap((provider) =>
        withUndefined([...byText.values()]).flatMap((amount) =>
          withUndefined([...new Set(counts)]).flatMap((count) =>
            irreversible.map((flag) => ({
              ...{ live, project, provider, amount, count },
              irreversible: flag,
            })),
          ),
        ),
      ),
    ),
  );
}

/** A name that no rule knows; no name of a provider or project has this form. */
export const OTHER = "(other)";

function withUndefined<T>(values: readonly T[]): readonly (T | undefined)[] {
  return [undefined, ...new Set(values)];
}
