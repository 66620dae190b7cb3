import { getMimeType } from "hono/utils/mime";

/** Static files, by their path without a leading slash. */
export interface SiteFiles {
  /** Path -> content in Base64. */
  readonly files: Readonly<Record<string, string>>;
  /** Unknown paths get `index.html`. */
  readonly spa: boolean;
}

/** Answers for static files: `/a` is also `a.html` and `a/index.html`, and what is not there is `404.html` where there is one. */
export function createSiteAnswer({ files, spa }: SiteFiles): (request: Request) => Response {
  const contents = new Map(
    Object.entries(files).map(([path, base64]) => [path, Buffer.from(base64, "base64")]),
  );
  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return new Response("Method Not Allowed\n", { status: 405 });
    const found = find(contents, new URL(request.url).pathname);
    if (found !== undefined) return send(contents, found, 200);
    if (spa && contents.has("index.html")) return send(contents, "index.html", 200);
    return contents.has("404.html")
      ? send(contents, "404.html", 404)
      : new Response("Not Found\n", { status: 404 });
  };
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
  return new Response(new Uint8Array(contents.get(path) ?? []), {
    status,
    headers: { "content-type": getMimeType(path) ?? "application/octet-stream" },
  });
}
