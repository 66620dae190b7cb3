/** The delay of a message, in seconds. @throws TypeError for what is no time to wait, which a queue would only refuse in words of its own, or take for none. */
export function checkDelay(seconds: number): number {
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new TypeError(`a message's delaySeconds must be a number of at least 0, not ${seconds}`);
  }
  return seconds;
}
