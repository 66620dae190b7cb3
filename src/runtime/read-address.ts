import type { TextVariables } from "./service-url.ts";

/** Where a program listens. */
export interface Address {
  /** An address of this machine or a name of one; `0.0.0.0` is all of them. */
  readonly host: string;
  /** 0 is any that is free. */
  readonly port: number;
}

/** What a container needs: its own addresses are reached from nowhere else. */
const DEFAULT: Address = { host: "0.0.0.0", port: 8080 };
const PORT_MAX = 65_535;

/** The variables `HOST` (`0.0.0.0`) and `PORT` (8080). @throws TypeError when one is there and empty, or the port is no number of a port. */
export function readAddress({ HOST, PORT }: TextVariables): Address {
  if (HOST === "") throw new TypeError("the environment variable HOST is empty");
  return {
    host: HOST ?? DEFAULT.host,
    port: PORT === undefined ? DEFAULT.port : readPort(PORT),
  };
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= PORT_MAX) return port;
  throw new TypeError(
    `the environment variable PORT holds no port, which is a number from 0 to ${PORT_MAX}`,
  );
}
