import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiConfig } from "../../src/deploy/stand-in-plugin/cloudflare-api.ts";
import {
  createResource,
  diffInputs,
  readResource,
  removeResource,
  updateResource,
} from "../../src/deploy/stand-in-plugin/manage-resource.ts";
import { renameKeys, toCamelCase } from "../../src/deploy/stand-in-plugin/property-names.ts";
import { SPECS } from "../../src/deploy/stand-in-plugin/specs/index.ts";

interface Recorded {
  readonly step: string;
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  readonly response: unknown;
}

const RECORDING = join(
  process.env.SUPERCARGO_SHARED ?? join(import.meta.dirname, "../../../shared"),
  "specs/cloudflare-plugin-calls.jsonl",
);
const hasRecording = existsSync(RECORDING);
if (!hasRecording) console.warn(`skipped: no recording of the real plugin at ${RECORDING}`);
const recorded: readonly Recorded[] = hasRecording
  ? readFileSync(RECORDING, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Recorded)
  : [];

/** Type -> the recorded creation, and the inputs that stand in the path. */
const CASES: readonly [type: string, path: RegExp, inputs: (parts: readonly string[]) => object][] =
  [
    ["r2Bucket:R2Bucket", /^\/accounts\/([^/]+)\/r2\/buckets$/, ([accountId]) => ({ accountId })],
    [
      "d1Database:D1Database",
      /^\/accounts\/([^/]+)\/d1\/database$/,
      ([accountId]) => ({ accountId }),
    ],
    [
      "workersKvNamespace:WorkersKvNamespace",
      /^\/accounts\/([^/]+)\/storage\/kv\/namespaces$/,
      ([accountId]) => ({ accountId }),
    ],
    ["queue:Queue", /^\/accounts\/([^/]+)\/queues$/, ([accountId]) => ({ accountId })],
    [
      "queueConsumer:QueueConsumer",
      /^\/accounts\/([^/]+)\/queues\/([^/]+)\/consumers$/,
      ([accountId, queueId]) => ({ accountId, queueId }),
    ],
    ["dnsRecord:DnsRecord", /^\/zones\/([^/]+)\/dns_records$/, ([zoneId]) => ({ zoneId })],
    ["zone:Zone", /^\/zones$/, () => ({})],
    [
      "workersRoute:WorkersRoute",
      /^\/zones\/([^/]+)\/workers\/routes$/,
      ([zoneId]) => ({ zoneId }),
    ],
    [
      "workersCustomDomain:WorkersCustomDomain",
      /^\/accounts\/([^/]+)\/workers\/domains$/,
      ([accountId]) => ({ accountId }),
    ],
    [
      "workersScriptSubdomain:WorkersScriptSubdomain",
      /^\/accounts\/([^/]+)\/workers\/scripts\/([^/]+)\/subdomain$/,
      ([accountId, scriptName]) => ({ accountId, scriptName }),
    ],
  ];

let server: Server;
let config: ApiConfig;
const seen: { method: string; path: string; body: unknown; type: string }[] = [];
let answer: { status: number; body: unknown } = {
  status: 200,
  body: { success: true, result: null },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      const type = request.headers["content-type"] ?? "";
      const body = type === "application/json" ? JSON.parse(text) : text;
      seen.push({
        method: request.method ?? "",
        path: (request.url ?? "").replace("/client/v4", ""),
        body,
        type,
      });
      response
        .writeHead(answer.status, { "content-type": "application/json" })
        .end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  config = {
    apiToken: "t".repeat(40),
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
  };
});
afterAll(() => server.close());

function specOf(type: string) {
  const spec = SPECS.get(`cloudflare:index/${type}`);
  if (spec === undefined) throw new Error(`no spec for ${type}`);
  return spec;
}

describe.skipIf(!hasRecording)("the stand-in plugin sends what the real one sent", () => {
  it.each(CASES)("to create %s", async (type, path, pathInputs) => {
    const calls = recorded.filter((call) => call.step === "create" && path.test(call.path));
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      const parts = path.exec(call.path)?.slice(1) ?? [];
      const inputs = {
        ...(renameKeys(call.request, toCamelCase) as object),
        ...rename(type, call.request),
        ...pathInputs(parts),
      };
      answer = { status: 200, body: call.response };
      seen.length = 0;
      const { id } = await createResource(specOf(type), inputs, config);
      expect(id).not.toBe("");
      expect(seen).toEqual([
        { method: call.method, path: call.path, body: call.request, type: "application/json" },
      ]);

      seen.length = 0;
      const read = await readResource(specOf(type), id, inputs, inputs, config);
      expect(read?.inputs, "a refresh right after shows no change").toEqual(inputs);
      const reads = recorded
        .filter(({ step, method }) => step === "read" && method === "GET")
        .map((each) => each.path);
      expect(reads).toContain(seen[0]?.path);
    }
  });

  it("to upload a script", async () => {
    const call = recorded.find(
      ({ step, method, path }) =>
        step === "create" && method === "PUT" && path.endsWith("/scripts/acme-worker"),
    );
    const metadata = /name="metadata"[^{]*(\{.*\})/.exec(String(call?.request))?.[1] ?? "";
    const { bindings, ...rest } = renameKeys(JSON.parse(metadata), toCamelCase) as Record<
      string,
      unknown
    >;
    answer = { status: 200, body: call?.response };
    seen.length = 0;
    const content = 'export default { fetch() { return new Response("v1") } }';
    await createResource(
      specOf("workersScript:WorkersScript"),
      { accountId: "ACCOUNT", scriptName: "acme-worker", content, bindings, ...rest },
      config,
    );
    expect(seen[0]).toMatchObject({ method: "PUT", path: call?.path });
    const sent = /name="metadata"[^{]*(\{.*\})/.exec(String(seen[0]?.body))?.[1] ?? "";
    expect(JSON.parse(sent)).toEqual(JSON.parse(metadata));
    expect(seen[0]?.body).toContain(content);
  });
});

/** The two names that are camelCase on the wire. */
function rename(type: string, request: unknown): object {
  if (type !== "r2Bucket:R2Bucket") return {};
  const { locationHint, ...rest } = request as { locationHint?: string };
  return { ...rest, location: locationHint, locationHint: undefined };
}

describe("the stand-in plugin", () => {
  const inputs = { accountId: "A", title: "one" };
  const kv = () => specOf("workersKvNamespace:WorkersKvNamespace");

  it("replaces for an immutable input, updates for another and sees nothing where nothing changed", () => {
    expect(diffInputs(kv(), inputs, { ...inputs })).toEqual({ changed: [], replaces: [] });
    expect(diffInputs(kv(), inputs, { ...inputs, title: "two" })).toEqual({
      changed: ["title"],
      replaces: [],
    });
    expect(diffInputs(kv(), inputs, { ...inputs, accountId: "B" })).toEqual({
      changed: ["accountId"],
      replaces: ["accountId"],
    });
    expect(
      diffInputs(
        specOf("workersCustomDomain:WorkersCustomDomain"),
        { hostname: "a" },
        { hostname: "b" },
      ).replaces,
    ).toEqual(["hostname"]);
  });

  it("never repeats a POST that failed on the server, for it may have been carried out", async () => {
    answer = { status: 502, body: {} };
    seen.length = 0;
    await expect(createResource(kv(), inputs, config)).rejects.toThrow(
      "POST /accounts/A/storage/kv/namespaces was answered with 502",
    );
    expect(seen).toHaveLength(1);
  });

  it("says method, path, status and codes of a failure, and nothing of its text", async () => {
    answer = {
      status: 403,
      body: { success: false, errors: [{ code: 10000, message: "canary-in-the-body" }] },
    };
    const failure = updateResource(kv(), "id1", inputs, config);
    await expect(failure).rejects.toThrow(
      /^PUT \/accounts\/A\/storage\/kv\/namespaces\/id1 was answered with 403 \(Cloudflare 10000\)$/,
    );
  });

  it("takes a missing resource for gone when it reads, and for done when it removes", async () => {
    answer = { status: 404, body: { success: false, errors: [] } };
    expect(await readResource(kv(), "id1", inputs, inputs, config)).toBeUndefined();
    await removeResource(kv(), "id1", inputs, config);
    answer = { status: 403, body: { success: false, errors: [] } };
    await expect(readResource(kv(), "id1", inputs, inputs, config)).rejects.toThrow("403");
  });

  it("shows what somebody changed by hand", async () => {
    answer = {
      status: 200,
      body: { success: true, result: { id: "id1", title: "changed by hand" } },
    };
    expect((await readResource(kv(), "id1", inputs, inputs, config))?.inputs).toEqual({
      accountId: "A",
      title: "changed by hand",
    });
  });

  it("refuses an answer without id rather than keep an empty one", async () => {
    answer = { status: 200, body: { success: true, result: {} } };
    await expect(createResource(kv(), inputs, config)).rejects.toThrow("holds no id");
  });
});
