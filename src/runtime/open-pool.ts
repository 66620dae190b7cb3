import pg, { type Pool } from "pg";

/** Connections of the process to one database, at most. */
const CONNECTIONS_MAX = 10;

/** A pool of connections that outlives each of them: one that breaks while nobody uses it is reported and replaced, one in use fails its query. */
export function openPool(connectionString: string, report: (failure: unknown) => void): Pool {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS_MAX });
  pool.on("error", report);
  // Without a listener of its own, a connection that breaks between two queries of a transaction ends the process.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return pool;
}
