import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrokerAnswer, BrokerRequest, LeaseKind } from "../../src/broker/protocol.ts";

/** A broker that keeps no books: it answers what the test says and remembers what it was asked. */
export interface FakeBroker {
  /** For the environment of one engine run; another one each time. */
  readonly env: Readonly<Record<string, string>>;
  readonly requests: BrokerRequest[];
  /** What to answer instead of the usual; undefined for the usual. */
  answer: (request: BrokerRequest) => BrokerAnswer | undefined | Promise<BrokerAnswer | undefined>;
  close(): Promise<void>;
}

/** Values that must never be seen in clear outside the broker. */
export const CANARIES = {
  token: "canarytoken0123456789canarytoken0123456789ab",
  credential: "canary-credential-5f2d",
  secret: "canary-secret-9a7c",
  text: "canary-text-of-a-provider",
} as const;

const OUTPUTS: { readonly [K in LeaseKind]: Readonly<Record<string, unknown>> } = {
  account: { accountId: "account-1", orchestrator: "stripe", appDomain: "acme.workers.dev" },
  "payment-token": {
    paymentTokenId: "payment-1",
    issuer: "stripe",
    expiresAt: "2027-01-01T00:00:00Z",
  },
  "access-token": {
    tokenId: "token-1",
    value: CANARIES.token,
    endpoint: "http://127.0.0.1:9/client/v4",
  },
  domain: { zoneId: "zone-1", expiresAt: "2027-01-01T00:00:00Z", pricePaid: "10.44 USD" },
  "service-instance": {
    instanceId: "instance-1",
    status: "ready",
    credentials: { api_key: CANARIES.credential },
  },
  secret: { value: CANARIES.secret },
};

export async function startFakeBroker(
  outputs: Partial<Record<LeaseKind, Readonly<Record<string, unknown>>>> = {},
): Promise<FakeBroker> {
  const folder = mkdtempSync(join(tmpdir(), "sc-"));
  const socket = join(folder, "broker");
  const requests: BrokerRequest[] = [];
  let tickets = 0;
  const broker: FakeBroker = {
    get env() {
      tickets += 1;
      const ticket = join(folder, `ticket-${tickets}`);
      writeFileSync(ticket, "test");
      return { SUPERCARGO_BROKER_SOCKET: socket, SUPERCARGO_BROKER_TICKET: ticket };
    },
    requests,
    answer: () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const server = createServer(async (incoming, response) => {
    if (incoming.url === "/v1/sessions")
      return void response.end(JSON.stringify({ ok: true, session: "test" }));
    const request = JSON.parse(await readAll(incoming)) as BrokerRequest;
    requests.push(request);
    const special = await broker.answer(request);
    response.end(JSON.stringify(special ?? usual(request, outputs)));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return broker;
}

function usual(
  request: BrokerRequest,
  outputs: Partial<Record<LeaseKind, Readonly<Record<string, unknown>>>>,
): unknown {
  if (request.verb === "delete") return { ok: true, gone: true };
  const id = request.verb === "create" ? `${request.identity.resource}-id` : request.id;
  const own = request.kind === "domain" ? { domain: "example-shop.com" } : {};
  return { ok: true, id, outputs: { ...own, ...OUTPUTS[request.kind], ...outputs[request.kind] } };
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of incoming) text += String(part);
  return text;
}
