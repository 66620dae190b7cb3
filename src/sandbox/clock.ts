import type { SandboxStore } from "./context.ts";

/** The sandbox's time: the machine's, moved by an offset that survives restarts. Milliseconds since the epoch. */
export interface SandboxClock {
  now(): number;
  /** Moves by so many milliseconds, forwards or backwards. */
  advance(milliseconds: number): void;
  /** Makes now be this moment; time goes on from there. */
  set(moment: number): void;
  /** How far this clock is ahead of the machine's. */
  offset(): number;
}

/** Reads the offset from the store, 0 at first. `real` is the machine's clock. */
export function createClock(store: SandboxStore, real: () => number): SandboxClock {
  const settings = store.collection<number>("clock");
  let offset = settings.get("offset") ?? 0;
  const move = (to: number) => {
    offset = to;
    settings.put("offset", to);
  };
  return {
    now: () => real() + offset,
    advance: (milliseconds) => move(offset + milliseconds),
    set: (moment) => move(moment - real()),
    offset: () => offset,
  };
}
