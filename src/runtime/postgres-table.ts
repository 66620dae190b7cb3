import type { Pool } from "pg";

/** A table of ours in the app's PostgreSQL database, made before its first use; harmless to repeat, also by several processes at once. */
export function createTableOnce(pool: Pool, sql: string): () => Promise<void> {
  let made: Promise<void> | undefined;
  return () => {
    made ??= createTable(pool, sql).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

async function createTable(pool: Pool, sql: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    // Two processes that make a table at the same time fail each other, even with IF NOT EXISTS.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('supercargo_tables'))");
    await client.query(sql);
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
