import type { IssuerCapabilities } from "../../src/adapters/issuers/contract.ts";
import { ISSUER_CASES, type IssuerCase } from "./issuer-cases.ts";
import type { IssuerDesk } from "./issuer-desk.ts";

/** The title of a case -> why an adapter's test leaves it out. */
export type Skip = Readonly<Record<string, string>>;

/** The cases that an adapter is not held to, each with its reason. What it declares not to do comes before what its test says. */
export function listLeftOut(
  capabilities: IssuerCapabilities,
  skip: Skip,
): ReadonlyMap<IssuerCase, string> {
  return new Map(
    ISSUER_CASES.flatMap((one) => {
      const { title, needs } = one;
      const reason =
        needs !== undefined && !capabilities[needs] ? `declares ${needs}: false` : skip[title];
      return reason === undefined ? [] : [[one, reason] as const];
    }),
  );
}

/** Titles that name no case, or one that is left out anyway. */
export function listIdleSkips(capabilities: IssuerCapabilities, skip: Skip): readonly string[] {
  const leftOut = [...listLeftOut(capabilities, skip)];
  return Object.entries(skip).flatMap(([title, reason]) =>
    leftOut.some(([one, because]) => one.title === title && because === reason) ? [] : [title],
  );
}

/** Which of some cases an adapter passes after all. */
export async function listPassed(
  cases: Iterable<IssuerCase>,
  desk: IssuerDesk,
  capabilities: IssuerCapabilities,
): Promise<readonly string[]> {
  const passed: string[] = [];
  for (const one of cases)
    await one.run(desk, capabilities).then(
      () => passed.push(one.title),
      () => undefined,
    );
  return passed;
}
