/** How many are under way at a time. */
const AT_A_TIME = 10;

/** `Promise.all` over a map, some at a time; the answers are in the order of the items. */
export async function mapSome<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += AT_A_TIME)
    results.push(...(await Promise.all(items.slice(start, start + AT_A_TIME).map(work))));
  return results;
}
