import { describe, expect, test } from "vitest";
import { findPostgresUrl } from "../../src/runtime/find-postgres-url.ts";
import { openEnvironment } from "../../src/runtime/open-environment.ts";

const DIRECT = "postgresql://u:p%40ss@ep-cool-1.eu-central-1.aws.neon.tech/main";
const POOLED = "postgresql://u:p%40ss@ep-cool-1-pooler.eu-central-1.aws.neon.tech/main";
const find = (credentials: object): string => findPostgresUrl(JSON.stringify(credentials)).href;

describe("the database of a service's credentials", () => {
  test("is found whatever its name, with TLS, a checked certificate and few connections", () => {
    const host = "ep-cool-1.eu-central-1.aws.neon.tech";
    for (const name of ["connection_string", "DATABASE_URL", "uri"])
      expect(
        find({ host, [name]: `${DIRECT}?sslmode=require&channel_binding=require`, user: "u" }),
      ).toBe(`${DIRECT}?connections=5&sslmode=verify-full`);
  });

  test("is the pooler's address where there are both, and one address in several spellings", () => {
    expect(find({ direct: DIRECT, pooled: POOLED })).toBe(`${POOLED}?sslmode=verify-full`);
    expect(find({ pooled: `${POOLED}?pgbouncer=true`, again: POOLED, direct: DIRECT })).toBe(
      `${POOLED}?sslmode=verify-full`,
    );
  });

  test("is one whether a URL says the port that is meant anyway, and in whatever case its host is", () => {
    const plain = "postgres://u:p@h.example/db";
    for (const other of ["postgres://u:p@h.example:5432/db", "postgresql://u:p@H.Example/db"])
      expect(find({ plain, other })).toBe(`${plain}?connections=5&sslmode=verify-full`);
    const spelled = POOLED.replace("tech/", "tech:5432/").replace("-pooler", "-POOLER");
    expect(find({ pooled: POOLED, spelled, direct: DIRECT })).toBe(`${POOLED}?sslmode=verify-full`);
  });

  test.each([
    ["no", DIRECT],
    ["disable", DIRECT],
    ["no-verify", DIRECT],
    ["disable", "postgresql://u:p@127.0.0.1.example.com/main"],
    ["disable", "postgresql://u:p@localhost.example.com/main"],
  ])("is never reached without TLS over a network: sslmode=%s at %s", (mode, url) => {
    const said = `${url}?sslmode=${mode}&ssl=0&uselibpqcompat=true&sslrootcert=/etc/hostname`;
    expect(find({ url: said })).toBe(`${url}?connections=5&sslmode=verify-full`);
  });

  test("is reached without TLS on this machine alone, where its URL says so", () => {
    const url = "postgresql://u:p@127.0.0.1:5433/main";
    expect(find({ url: `${url}?sslmode=disable` })).toBe(`${url}?connections=5`);
    expect(find({ url })).toBe(`${url}?connections=5&sslmode=verify-full`);
  });

  test.each([
    ["none", { api_key: "canary" }, "hold no URL of PostgreSQL"],
    ["none that is whole", { url: "postgres://canary:canary@" }, "hold no URL of PostgreSQL"],
    ["another server's", { a: "mysql://canary@db/x" }, "hold no URL of PostgreSQL"],
    ["those of two databases", { a: `${DIRECT}?canary`, b: `${DIRECT}-canary` }, "a, b"],
    ["those of two users", { a: DIRECT, b: POOLED.replace("u:p", "canary:p") }, "a, b"],
    ["those of two hosts", { a: DIRECT, b: DIRECT.replace("cool-1", "canary") }, "a, b"],
    ["those at two ports", { a: DIRECT, b: DIRECT.replace("tech/", "tech:6543/") }, "a, b"],
    ["two poolers", { a: POOLED, b: POOLED.replace("cool-1", "canary") }, "a, b"],
    ["a name that may be anything", { a: DIRECT, "canary canary": `${DIRECT}-x` }, "a, ?"],
  ])("is refused for %s, with nothing of what is in them", (_, credentials, reason) => {
    const { env } = openEnvironment(
      { DB: JSON.stringify(credentials), SUPERCARGO_BINDINGS: "DB" },
      () => undefined,
    );
    const read = () => env.DB;
    expect(read).toThrow("the environment variable DB cannot be opened: its credentials");
    expect(read).toThrow(reason);
    expect(read).not.toThrow(/canary|p%40ss|neon/);
  });

  test("is refused where they are no JSON, with nothing of the text", () => {
    const { env } = openEnvironment({ DB: "{canary", SUPERCARGO_BINDINGS: "DB" }, () => undefined);
    expect(() => env.DB).toThrow("its credentials are no JSON object");
    expect(() => env.DB).not.toThrow("canary");
  });

  test("is a pool, or a store in it where the list of bindings says so", async () => {
    const text = JSON.stringify({ DATABASE_URL: DIRECT });
    const { env, close } = openEnvironment(
      { DB: text, CACHE: text, PLAIN: text, SUPERCARGO_BINDINGS: "DB,CACHE?kv=cache" },
      () => undefined,
    );
    expect(env.DB).toHaveProperty("connect", expect.any(Function));
    expect(env.DB).toMatchObject({
      options: { max: 5, connectionString: expect.stringContaining("sslmode=verify-full") },
    });
    expect(env.CACHE).toHaveProperty("getWithMetadata", expect.any(Function));
    expect(env.PLAIN).toBe(text);
    await close();
  });
});
