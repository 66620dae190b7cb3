import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { type PostgresServer, startPostgres } from "../support/start-postgres.ts";
import { describeLedger } from "./ledger-suite.ts";

let server: PostgresServer | undefined;
let ledgers = 0;

describeLedger({
  name: "PostgreSQL",
  async setUp() {
    server = await startPostgres();
  },
  async tearDown() {
    await server?.remove();
  },
  place(home) {
    ledgers += 1;
    return { home, postgres: { url: server?.url ?? "", name: `ledger_${ledgers}` } };
  },
  async backUp() {
    const { data = "" } = server ?? {};
    const copy = `${data}.backup`;
    const replace = async (from: string, to: string): Promise<void> => {
      await server?.stop();
      rmSync(to, { recursive: true, force: true });
      // Keeps the owner, who is the server's user.
      execFileSync("cp", ["-a", from, to]);
      await server?.start();
    };
    await replace(data, copy);
    return { restore: () => replace(copy, data) };
  },
});
