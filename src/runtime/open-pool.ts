import pg, { type Pool } from "pg";

/** Connections of the process to one database, at most, where its URL says nothing. */
const CONNECTIONS_MAX = "10";

/**
 * A pool of connections that outlives each of them: one that breaks while nobody uses it is reported and replaced, one in use fails its query. The URL's parameter
 * `connections` says how many there are at most.
 * @throws TypeError when that is no number; the message holds nothing of the URL.
 */
export function openPool(url: string, report: (failure: unknown) => void): Pool {
  const address = new URL(url);
  const connections = address.searchParams.get("connections") ?? CONNECTIONS_MAX;
  if (!/^[1-9]\d{0,3}$/.test(connections))
    throw new TypeError("its number of connections is no number from 1 on");
  address.searchParams.delete("connections");
  const pool = new pg.Pool({ connectionString: address.href, max: Number(connections) });
  pool.on("error", report);
  // Without a listener of its own, a connection that breaks between two queries of a transaction ends the process.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return pool;
}
