/**
 * Serves one deploy, in a process of its own below whose folder everything of it lies: `publish`, `functions/<name>` and this file, which imports nothing else of ours. What a function
 * gets and gives is of the Lambda kind (https://docs.netlify.com/build/functions/lambda-compatibility/).
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

interface Rule {
  readonly from: string;
  readonly to: string;
  readonly status: number;
  readonly isForced: boolean;
}

interface FunctionAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

const FUNCTIONS = "/.netlify/functions/";
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

const root = import.meta.dirname;
const published = join(root, "publish");
/** Told by the sandbox alone; the functions never see it. */
const { blobs, key, scheduled } = JSON.parse(process.env.SANDBOX_NETLIFY ?? "{}") as {
  readonly blobs: string;
  readonly key: string;
  readonly scheduled: readonly string[];
};
delete process.env.SANDBOX_NETLIFY;
const rules = readRules(join(published, "_redirects"));

createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch(() => {
    if (!outgoing.headersSent) outgoing.writeHead(500);
    outgoing.end();
  });
}).listen(Number(process.env.PORT), process.env.HOST);

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { pathname } = new URL(incoming.url ?? "/", "http://site");
  if (pathname.startsWith(FUNCTIONS)) return callFunction(pathname, incoming, outgoing);
  const matching = rules.filter(({ from }) => matches(from, pathname));
  const forced = matching.find(({ isForced }) => isForced);
  const file = forced === undefined ? findFile(pathname) : undefined;
  if (file !== undefined) return sendFile(200, file, outgoing);
  const [rule = undefined] = forced === undefined ? matching : [forced];
  if (rule === undefined) {
    const lost = findFile("/404.html");
    return lost === undefined ? void outgoing.writeHead(404).end() : sendFile(404, lost, outgoing);
  }
  if (rule.status >= 300 && rule.status < 400)
    return void outgoing.writeHead(rule.status, { location: rule.to }).end();
  if (rule.to.startsWith(FUNCTIONS)) return callFunction(rule.to, incoming, outgoing);
  const target = findFile(rule.to);
  return target === undefined
    ? void outgoing.writeHead(404).end()
    : sendFile(rule.status, target, outgoing);
}

/** A function with a schedule is called by the sandbox alone. */
async function callFunction(
  path: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const name = path.slice(FUNCTIONS.length);
  const module = join(root, "functions", name, `${name}.mjs`);
  const isOwn = incoming.headers["x-sandbox-key"] === key;
  const isThere = /^[\w-]+$/.test(name) && existsSync(module);
  if (!isThere || scheduled.includes(name) !== isOwn) return void outgoing.writeHead(404).end();
  const { handler } = (await import(pathToFileURL(module).href)) as {
    readonly handler: (event: object, context: object) => Promise<FunctionAnswer>;
  };
  const body = await buffer(incoming);
  const { "x-sandbox-key": _, ...headers } = incoming.headers;
  const given = await handler(
    {
      rawUrl: `http://${headers.host}${incoming.url}`,
      path: new URL(incoming.url ?? "/", "http://site").pathname,
      httpMethod: incoming.method,
      headers: Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [header, [value].flat().join(", ")]),
      ),
      multiValueHeaders: Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [header, [value].flat()]),
      ),
      body: body.toString("base64"),
      isBase64Encoded: true,
      blobs,
    },
    {},
  );
  outgoing.writeHead(given.statusCode, { ...given.headers, ...given.multiValueHeaders } as Record<
    string,
    string[]
  >);
  outgoing.end(Buffer.from(given.body ?? "", given.isBase64Encoded === true ? "base64" : "utf8"));
}

/** `from to status` a line; `!` behind the status goes before files. */
function readRules(file: string): readonly Rule[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [from, to, status = "301"] = line.replace(/#.*/, "").trim().split(/\s+/);
      if (from === undefined || from === "" || to === undefined) return [];
      return [{ from, to, status: Number.parseInt(status, 10), isForced: status.endsWith("!") }];
    });
}

function matches(from: string, path: string): boolean {
  return from.endsWith("/*") ? `${path}/`.startsWith(from.slice(0, -1)) : from === path;
}

/** `/a` is `a`, `a.html` or `a/index.html`; rules are no files. */
function findFile(path: string): string | undefined {
  const wanted = join(published, normalize(`/${decodeURIComponent(path)}`));
  if (["_redirects", "_headers"].some((name) => wanted === join(published, name))) return undefined;
  return [wanted, `${wanted}.html`, join(wanted, "index.html")].find(
    (file) => existsSync(file) && statSync(file).isFile(),
  );
}

function sendFile(status: number, file: string, outgoing: ServerResponse): void {
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  outgoing.writeHead(status, { "content-type": type }).end(readFileSync(file));
}
