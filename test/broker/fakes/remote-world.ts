import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrokerAdapters } from "../../../src/broker/context.ts";
import { fromPlain, toPlain } from "../../../src/broker/plain-value.ts";
import type { Json } from "../../../src/util/canonical-json.ts";
import type { World } from "./world.ts";

const FAMILIES = ["orchestrator", "issuer", "vendor"] as const;
type Family = (typeof FAMILIES)[number];

/** Lets another process call a world of this process. */
export async function serveWorld(
  world: World,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += String(chunk);
    });
    request.on("end", async () => {
      const { family, method, input } = JSON.parse(text) as {
        family: Family;
        method: string;
        input: Json;
      };
      const adapter = world[family] as unknown as Record<
        string,
        (input: unknown) => Promise<unknown>
      >;
      const answer = await adapter[method]?.(fromPlain(input));
      response.end(JSON.stringify(toPlain(answer)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Adapters whose every call goes to the world at the URL. */
export function connectWorld(url: string): BrokerAdapters {
  const [orchestrator, issuer, vendor] = FAMILIES.map((family) => {
    const about: Readonly<Record<string, unknown>> = {
      id: family === "vendor" ? "cloudflare" : "stripe",
      endpoint: "https://api.example/client/v4",
      // The world has none of these.
      readAppDomain: undefined,
      reveal: undefined,
      capabilities: { expiry: true },
      isHealthy: family === "issuer" ? undefined : () => call(family, "isHealthy", null),
    };
    const call = async (of: Family, method: string, input: unknown): Promise<unknown> => {
      const body = JSON.stringify({ family: of, method, input: toPlain(input) });
      const response = await fetch(url, { method: "POST", body });
      return fromPlain((await response.json()) as Json);
    };
    return new Proxy(about, {
      get: (known, method) =>
        method in known
          ? known[String(method)]
          : (input: unknown) => call(family, String(method), input),
    });
  });
  return {
    orchestrators: { cloudflare: [orchestrator] },
    issuers: [issuer],
    vendors: { cloudflare: vendor },
  } as unknown as BrokerAdapters;
}
