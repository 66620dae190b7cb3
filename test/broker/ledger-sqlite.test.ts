import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describeLedger } from "./ledger-suite.ts";

describeLedger({
  name: "SQLite",
  setUp: async () => undefined,
  tearDown: async () => undefined,
  place: (home) => ({ home }),
  async backUp({ home }) {
    const path = join(home, "ledger.sqlite");
    copyFileSync(path, `${path}.backup`);
    return { restore: async () => copyFileSync(`${path}.backup`, path) };
  },
});
