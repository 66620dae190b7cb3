import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLedger } from "../../src/operations/find-ledger.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { type PostgresServer, startPostgres } from "../support/start-postgres.ts";

const PASSWORD = "canary-of-the-ledger";
let project: Project;
let server: PostgresServer;
let url: string;
beforeAll(async () => {
  project = makeProject("storefront");
  server = await startPostgres({ fsync: false });
  url = server.url.replace("supercargo@", `supercargo:${PASSWORD}@`);
});
afterAll(async () => {
  await project.remove();
  await server.remove();
});

async function run(args: readonly string[], ledger = url): Promise<CliRun> {
  const env = { SUPERCARGO_LOCAL_LEDGER_URL: ledger };
  const done = await runCli(args, { cwd: project.folder, env });
  expect(done.stdout + done.stderr).not.toContain(PASSWORD);
  return done;
}

test("a team's ledger is a PostgreSQL database named by one URL, which is told nowhere", {
  timeout: 600_000,
}, async () => {
  const up = await run(["up", "--json"]);
  expect(up.code, up.stderr).toBe(0);
  const status = readEnvelope((await run(["status", "--json"])).stdout);
  expect(status).toMatchObject({ data: { money: { spent: "10.44 USD" } } });
  expect((await run(["status"])).stdout).toMatch(
    /^ledger: PostgreSQL at \/.*, database postgres$/m,
  );
  expect((await run(["leases"])).stdout).toContain("access-token");
  expect((await run(["revoke", "storefront/local/cloudflare/access-token"])).code).toBe(0);
  const home = join(project.folder, ".supercargo");
  expect(existsSync(join(home, "ledger.sqlite"))).toBe(false);
  for (const file of readdirSync(project.folder, { recursive: true, encoding: "utf8" })) {
    if (file.startsWith("node_modules")) continue;
    const path = join(project.folder, file);
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    if (isFile && readIfThere(path)?.includes(PASSWORD)) expect.fail(file);
  }

  await server.stop();
  const before = await readBooks(project.folder);
  for (const command of [["status"], ["leases"], ["freeze"], ["rotate", "--yes"]]) {
    const failed = await run([...command, "--json"]);
    expect(failed.code, command.join(" ")).toBe(4);
    const envelope = readEnvelope(failed.stdout);
    expect(envelope.ok ? "" : envelope.error.code).toMatch(/^ledger-un/);
  }
  expect((await run(["status", "--json"], "mysql://root:x@localhost/books")).code).toBe(4);
  expect(await readBooks(project.folder)).toEqual(before);
});

/** The sandbox that still runs replaces its files; each stays in sight under the name that it has then. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

describe("findLedger", () => {
  const find = (env: Readonly<Record<string, string>>, live: boolean) =>
    findLedger({ env }, "/shop", { live });

  test("keeps play money and real money apart", () => {
    const both = { SUPERCARGO_LEDGER_URL: "postgres://u:p@db.example.com:6432/books?ssl=true" };
    expect(find(both, false)).toMatchObject({ postgres: undefined });
    expect(find(both, true)).toMatchObject({
      postgres: { name: "supercargo" },
      description: "PostgreSQL at db.example.com:6432, database books",
    });
    const local = { SUPERCARGO_LOCAL_LEDGER_URL: "postgresql://u:p@db.example.com/books" };
    expect(find(local, false)).toMatchObject({ postgres: { name: "supercargo_local" } });
    expect(find(local, true)).toMatchObject({ postgres: undefined });
  });

  test.each([
    "db.example.com",
    "https://u:p@db.example.com/books",
    "postgres://db.example.com",
    // An unescaped slash in the password: what follows it would be shown as the database.
    "postgres://u:12/secret@db.example.com/books",
    "postgres://u:sec/ret@db.example.com/books",
    "postgres://u:12#secret@db.example.com/books",
    "postgres://u:12/secret?x@db.example.com/books",
    "postgres://u:12/secret#x@db.example.com/books",
    "postgres://u:12/secret?x#y@db.example.com/books",
    "postgres://u:12@db.example.com/%zz",
  ])("refuses %s without repeating it", (text) => {
    const found = find({ SUPERCARGO_LEDGER_URL: text }, true);
    expect(found).toMatchObject({ ok: false, failure: { kind: "remote" } });
    expect(JSON.stringify(found)).not.toMatch(/secret|example/);
  });
});
