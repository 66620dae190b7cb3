import { serveHttp } from "./serve-http.ts";

/** Static files, by their path without a leading slash. */
export interface SiteFiles {
  /** Path -> content in Base64. */
  readonly files: Readonly<Record<string, string>>;
  /** Unknown paths get `index.html`. */
  readonly spa: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  gif: "image/gif",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  map: "application/json",
  mjs: "text/javascript; charset=utf-8",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff2: "font/woff2",
  xml: "application/xml",
};

/** Serves static files on `PORT`: `/a` is also `a.html` and `a/index.html`, and what is not there is `404.html` where there is one. */
export function serveSite({ files, spa }: SiteFiles) {
  const contents = new Map(
    Object.entries(files).map(([path, base64]) => [path, Buffer.from(base64, "base64")]),
  );
  return serveHttp((request) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return new Response("Method Not Allowed\n", { status: 405 });
    const found = find(contents, new URL(request.url).pathname);
    if (found !== undefined) return send(contents, found, 200);
    if (spa && contents.has("index.html")) return send(contents, "index.html", 200);
    return contents.has("404.html")
      ? send(contents, "404.html", 404)
      : new Response("Not Found\n", { status: 404 });
  });
}

function find(contents: ReadonlyMap<string, Buffer>, pathname: string): string | undefined {
  const path = decode(pathname).replace(/^\/+/, "").replace(/\/+$/, "");
  const candidates = path === "" ? ["index.html"] : [path, `${path}.html`, `${path}/index.html`];
  return candidates.find((candidate) => contents.has(candidate));
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function send(contents: ReadonlyMap<string, Buffer>, path: string, status: number): Response {
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  return new Response(new Uint8Array(contents.get(path) ?? []), {
    status,
    headers: { "content-type": type ?? "application/octet-stream" },
  });
}
