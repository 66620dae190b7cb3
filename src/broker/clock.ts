/** The broker's only source of time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** RFC 3339 UTC text of milliseconds since the epoch. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
