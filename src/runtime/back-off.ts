/** The longest pause, in seconds. */
const SECONDS_MAX = 60;

/** Seconds until a message comes again that the app gave no time for, after that many deliveries. */
export function backOff(attempts: number): number {
  return Math.min(2 ** attempts, SECONDS_MAX);
}
