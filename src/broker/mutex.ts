/** Runs work under one name one after the other, in the order of the calls; work under different names overlaps. Not re-entrant. */
export function createMutex(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = tails.get(name) ?? Promise.resolve();
    const own = before.then(work, work);
    const tail = own.catch(() => undefined);
    tails.set(name, tail);
    try {
      return await own;
    } finally {
      if (tails.get(name) === tail) tails.delete(name);
    }
  };
}
