import { setTimeout as sleep } from "node:timers/promises";
import { visitApp } from "../visit-app.ts";

/** What visitors saw. */
export interface VisitorReport {
  readonly requests: number;
  readonly failed: number;
  /** What happened to the first that failed. */
  readonly firstFailure?: string | undefined;
  readonly slowestMs: number;
  /** Writes that were confirmed to them, and those that are not there at the end. */
  readonly written: number;
  readonly lost: number;
}

/** Visitors of a shop who remember everything that was confirmed to them. */
export interface Visitors {
  /** Answers with what happened to the first that could not be written; then nothing that comes would tell anything. */
  fill(counts: {
    readonly orders: number;
    readonly objects: number;
    readonly keys: number;
  }): Promise<string | undefined>;
  /** Goes on visiting, until {@link stop}. */
  start(): void;
  /** Ends the visits and looks for everything. Repeating answers the same. */
  stop(): Promise<VisitorReport>;
}

/** Time between two visits, milliseconds. */
const PAUSE_MS = 250;
const PARALLEL = 8;

export function createVisitors(shop: string): Visitors {
  /** Path of what was written -> what must be in the answer. */
  const written = new Map<string, string>();
  const counts = { requests: 0, failed: 0, slowestMs: 0 };
  /** Visits that wait for their answer. */
  const under = new Set<Promise<void>>();
  let firstFailure: string | undefined;
  let isOver = false;
  let loop: Promise<void> | undefined;
  let report: Promise<VisitorReport> | undefined;
  const visit = async (path: string, init: Parameters<typeof visitApp>[1] = {}) => {
    const begun = performance.now();
    counts.requests += 1;
    const answer = await visitApp(String(new URL(path, shop)), init).catch(
      (error: Error) => error.message,
    );
    const took = Math.round(performance.now() - begun);
    counts.slowestMs = Math.max(counts.slowestMs, took);
    const isGood = typeof answer === "object" && answer.status < 400;
    if (!isGood) {
      const said = typeof answer === "string" ? answer : `answered ${answer.status}`;
      fail(`${init.method ?? "GET"} ${path.split("?")[0]} ${said} after ${took} ms`);
    }
    return typeof answer === "object" ? answer : undefined;
  };
  const fail = (what: string): void => {
    counts.failed += 1;
    firstFailure ??= what;
  };
  const order = async () => {
    const json = { product: "compass", quantity: 1, email: "visitor@example.com" };
    const answer = await visit("/api/orders", { method: "POST", json });
    if (answer?.status !== 201) return;
    const { link, order: placed } = JSON.parse(answer.body) as {
      readonly link: string;
      readonly order: { readonly id: string };
    };
    written.set(link, placed.id);
  };
  const keep = async (room: "objects" | "keys", n: number) => {
    const json = { note: `${room} ${n}` };
    const answer = await visit(`/${room}/${n}`, { method: "PUT", json });
    if (answer?.status === 200) written.set(`/${room}/${n}`, JSON.stringify(json));
  };
  const read = async () => {
    const all = [...written];
    const [path, content] = all[Math.floor(Math.random() * all.length)] ?? ["/", ""];
    const answer = await visit(path);
    if (answer?.status === 200 && !answer.body.includes(content))
      fail(`${path.split("?")[0]} was not what was written there`);
  };
  const run = async (works: readonly (() => Promise<void>)[]) => {
    for (let first = 0; first < works.length; first += PARALLEL)
      await Promise.all(works.slice(first, first + PARALLEL).map((work) => work()));
  };
  let next = 0;
  const wander = async () => {
    while (!isOver) {
      next += 1;
      const n = 10_000 + next;
      const kinds = [order, read, () => keep("objects", n), read, () => keep("keys", n), read];
      const visited = kinds[next % kinds.length]?.() ?? Promise.resolve();
      under.add(visited);
      void visited.then(() => under.delete(visited));
      await sleep(PAUSE_MS);
    }
  };
  const lookForAll = async (): Promise<VisitorReport> => {
    isOver = true;
    await loop;
    // Those that are still waiting have their answer first.
    await Promise.all(under);
    let lost = 0;
    const seen = { ...counts, firstFailure };
    await run(
      [...written].map(([path, content]) => async () => {
        const answer = await visitApp(String(new URL(path, shop))).catch(() => undefined);
        if (answer?.status !== 200 || !answer.body.includes(content)) lost += 1;
      }),
    );
    return { ...seen, written: written.size, lost };
  };
  return {
    async fill({ orders, objects, keys }) {
      const times = (count: number, work: (n: number) => Promise<void>) =>
        Array.from({ length: count }, (_, n) => () => work(n));
      await run([
        ...times(orders, order),
        ...times(objects, (n) => keep("objects", n)),
        ...times(keys, (n) => keep("keys", n)),
      ]);
      Object.assign(counts, { requests: 0, slowestMs: 0 });
      return firstFailure;
    },
    start() {
      loop = wander();
    },
    stop() {
      report ??= lookForAll();
      return report;
    },
  };
}
