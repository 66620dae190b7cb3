import { afterEach, describe, expect, test } from "vitest";
import { type OpenEnvironment, openEnvironment } from "../../src/runtime/open-environment.ts";
import { readServiceUrl } from "../../src/runtime/service-url.ts";

let opened: OpenEnvironment | undefined;
afterEach(() => opened?.close());

function open(bindings: Readonly<Record<string, string>>, plain = {}) {
  const SUPERCARGO_BINDINGS = Object.keys(bindings).join(", ");
  opened = openEnvironment({ ...bindings, ...plain, SUPERCARGO_BINDINGS }, () => undefined);
  return opened.env;
}

describe("the environment of an app outside Cloudflare", () => {
  test("opens what it is told to and leaves all else as it is, whatever it looks like", () => {
    const plain = {
      SHOP_NAME: "Ship & Shore",
      SESSION_KEY: "s3cret",
      HOME_PAGE: "https://example.com/?queue=no",
      EMPTY: "",
      MAIL: "smtp://user:password@example.com",
      ANALYTICS: "postgres://reader:password@example.com/numbers",
      ICONS: "file:/app/icons",
      ARCHIVE: "s3://key:secret@example.com/archive",
    };
    const bindings = {
      DB: "postgres://u:p@127.0.0.1:9/db",
      VISITS: "postgresql://u:p@127.0.0.1:9/db?kv=visits",
      RECEIPTS: "postgres://u:p@127.0.0.1:9/db?queue=receipts",
      FILE: "file:/nowhere/at/all/x.sqlite",
      MEDIA: "s3://key:secret@127.0.0.1:9/media?tls=false",
      FILES: "azblob://acme.blob.core.windows.net/objects",
      JOBS: "sqs://key:secret@sqs.eu-west-1.amazonaws.com/1/jobs?region=eu-west-1",
      NEWS: "pubsub://pubsub.googleapis.com/projects/p/topics/news",
    };
    const identity = { IDENTITY_ENDPOINT: "http://127.0.0.1:9/msi", IDENTITY_HEADER: "header" };
    const env = open(bindings, { ...plain, ...identity });
    expect(env).toMatchObject(plain);
    const methods = {
      DB: "connect",
      VISITS: "getWithMetadata",
      RECEIPTS: "send",
      MEDIA: "list",
      FILES: "list",
      JOBS: "sendBatch",
      NEWS: "send",
    };
    for (const [name, method] of Object.entries(methods)) {
      expect(env[name], name).toHaveProperty(method, expect.any(Function));
    }
    expect(env.DB).toBe(env.DB);
  });

  test("shares the connections of what is in one database", () => {
    const env = open({
      DB: "postgres://u:p@127.0.0.1:9/db?sslmode=disable",
      SAME: "postgres://u:p@127.0.0.1:9/db?sslmode=disable",
      OTHER: "postgres://u:p@127.0.0.1:9/other",
    });
    expect(env.SAME).toBe(env.DB);
    expect(env.OTHER).not.toBe(env.DB);
  });

  test("opens as many connections as the URL says", () => {
    const env = open({
      DB: "postgres://u:p@127.0.0.1:9/db?connections=3&sslmode=disable",
      OTHER: "postgres://u:p@127.0.0.1:9/other",
    });
    expect(env.DB).toMatchObject({
      options: { max: 3, connectionString: "postgres://u:p@127.0.0.1:9/db?sslmode=disable" },
    });
    expect(env.OTHER).toMatchObject({ options: { max: 10 } });
  });

  test.each([
    ["s3://canary:canary@/media", "holds no URL"],
    ["s3://canary:canary@example.com", "it names no host or nothing on it"],
    ["s3://canary.example.com/media", "it has no access key, and nor has the machine"],
    ["file:/nowhere/canary/x.sqlite", "cannot be opened"],
    ["azblob://canary.example.com", "it names no host or nothing on it"],
    ["azblob://canary.example.com/objects", "the machine has no identity"],
    ["azblob://canary.example.com/objects?tls=false", "the identity's token in clear"],
    ["azblob://localhost.canary/objects?tls=false", "the identity's token in clear"],
    ["azblob://localhost@canary:1/objects?tls=false", "the identity's token in clear"],
    ["azblob://[::1]:1/objects?tls=false", "the machine has no identity"],
    ["azblob://localhost/objects?tls=false", "the machine has no identity"],
    ["postgres://canary:canary@:x/", "holds no URL"],
    ["postgres://canary@db.example/x?connections=canary", "its number of connections is no number"],
    ["postgres://canary@db.example/x?connections=0", "its number of connections is no number"],
    ["canary", "holds no URL"],
    ["https://canary.example.com/", "names no binding"],
  ])("says which variable is faulty and nothing of its text: %s", (text, reason) => {
    const env = open({ THING: text });
    const read = () => env.THING;
    expect(read).toThrow(`the environment variable THING`);
    expect(read).toThrow(reason);
    expect(read).not.toThrow("canary");
  });

  test("says which binding is not there at all", () => {
    const { env } = openEnvironment({ SUPERCARGO_BINDINGS: "THING" }, () => undefined);
    expect(() => env.THING).toThrow("the environment variable THING is not set");
  });

  test("takes the keys of the machine's role where a URL has none", () => {
    const url = new URL("s3://s3.eu-west-1.amazonaws.com/media?region=eu-west-1");
    const role = {
      AWS_ACCESS_KEY_ID: "id",
      AWS_SECRET_ACCESS_KEY: "key",
      AWS_SESSION_TOKEN: "token",
    };
    expect(readServiceUrl(url, role)).toEqual({
      endpoint: "https://s3.eu-west-1.amazonaws.com",
      path: "media",
      region: "eu-west-1",
      credentials: { accessKeyId: "id", secretAccessKey: "key", sessionToken: "token" },
    });
  });
});
