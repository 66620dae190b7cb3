import { startPostgres } from "../test/support/start-postgres.ts";

/** Starts a PostgreSQL server of its own as it ships, fsync included, for some work. Hands on its address and version. */
export async function withPostgres(
  work: (server: { readonly url: string; readonly version: string }) => Promise<void>,
): Promise<void> {
  const server = await startPostgres();
  try {
    await work(server);
  } finally {
    await server.remove();
  }
}
