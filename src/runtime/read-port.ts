import type { TextVariables } from "./service-url.ts";

const DEFAULT = 8080;
const MAX = 65_535;

/** The port in the variable `PORT`, 8080 without one; 0 is any that is free. @throws TypeError when the text is no port, also when it is empty. */
export function readPort({ PORT }: TextVariables): number {
  if (PORT === undefined) return DEFAULT;
  const port = /^\d{1,5}$/.test(PORT) ? Number(PORT) : Number.NaN;
  if (port <= MAX) return port;
  throw new TypeError(
    `the environment variable PORT holds no port, which is a number from 0 to ${MAX}`,
  );
}
