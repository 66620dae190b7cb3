import { request } from "node:http";

/** What an app answered. */
export interface AppAnswer {
  readonly status: number;
  readonly body: string;
}

/** How long an app may take, milliseconds. */
const TIMEOUT_MS = 30_000;

/**
 * Sends one request to an app at its address on this machine. Not every system's resolver knows names below `localhost`, so the connection goes to
 * the loopback address and the name into the Host header.
 */
export function visitApp(
  url: string,
  { method = "GET", json }: { readonly method?: string | undefined; readonly json?: unknown } = {},
): Promise<AppAnswer> {
  const { host, port, pathname, search } = new URL(url);
  const body = json === undefined ? undefined : JSON.stringify(json);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        method,
        path: `${pathname}${search}`,
        headers: { host, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        agent: false,
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
