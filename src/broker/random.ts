import { randomBytes } from "node:crypto";

/** The broker's only source of randomness. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** The operating system's randomness. */
export const systemRandom: Random = { bytes: (count) => new Uint8Array(randomBytes(count)) };
