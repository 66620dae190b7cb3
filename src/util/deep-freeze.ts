/** Freezes a value of objects and arrays and all that they hold, without recursion; what is frozen already is taken as done. */
export function deepFreeze<T>(value: T): T {
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    for (const member of Object.values(next)) if (typeof member === "object") pending.push(member);
  }
  return value;
}
