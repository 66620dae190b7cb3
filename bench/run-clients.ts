const WARM_UP_ACTS = 30;
const ROUNDS = 3;
const ROUND_SECONDS = 1;

/**
 * Has so many clients act, each again as soon as it was answered. The numbers of clients take turns (1 8 64 1 8 64 ...), so that a drift of the
 * machine's speed meets all of them alike, after a warm-up that is not counted. Answers acts per second, the median of the rounds, by number of clients.
 */
export async function runClients(
  clients: readonly number[],
  act: () => Promise<void>,
): Promise<ReadonlyMap<string, number>> {
  const rates = new Map<number, number[]>(clients.map((count) => [count, []]));
  for (let n = 0; n < WARM_UP_ACTS; n++) await act();
  for (let round = 0; round < ROUNDS; round++)
    for (const count of clients) rates.get(count)?.push(await runOnce(count, act));
  return new Map(
    [...rates].map(([count, values]) => {
      const median = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
      return [count === 1 ? "1 client" : `${count} clients`, median ?? Number.NaN];
    }),
  );
}

async function runOnce(clients: number, act: () => Promise<void>): Promise<number> {
  let acts = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(ROUND_SECONDS * 1e9);
  const client = async (): Promise<void> => {
    while (process.hrtime.bigint() < end) {
      await act();
      acts += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return acts / (Number(process.hrtime.bigint() - start) / 1e9);
}
