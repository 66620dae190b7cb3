import { request as httpRequest } from "node:http";
import { memberAt } from "../util/json-access.ts";
import { fail } from "./errors.ts";
import type { BrokerAnswer, BrokerRequest, LeaseKind } from "./protocol.ts";

/** Longer than any act may take by the broker's own limits. */
const TIMEOUT_MS = 1_200_000;
const ANSWER_BYTES_MAX = 1_048_576;

/**
 * Asks the broker that `SUPERCARGO_BROKER_SOCKET` and `SUPERCARGO_BROKER_TOKEN` name. Asks once: repeating is up to the caller's next run, which the
 * broker recognises. Never throws; without a broker the answer is the failure `broker_not_running`.
 */
export async function callBroker<K extends LeaseKind>(
  request: BrokerRequest<K>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<BrokerAnswer<K>> {
  const socket = env.SUPERCARGO_BROKER_SOCKET ?? "";
  const token = env.SUPERCARGO_BROKER_TOKEN ?? "";
  if (socket === "" || token === "") return fail("broker_not_running");
  const reply = await exchange(socket, token, JSON.stringify(request));
  if (reply === "no-broker") return fail("broker_not_running");
  if (reply === undefined) return fail("broker_unreachable");
  try {
    const answer: unknown = JSON.parse(reply);
    return isAnswer(answer) ? (answer as BrokerAnswer<K>) : fail("broker_unreachable");
  } catch {
    return fail("broker_unreachable");
  }
}

function exchange(
  socketPath: string,
  token: string,
  body: string,
): Promise<string | "no-broker" | undefined> {
  return new Promise((resolve) => {
    const outgoing = httpRequest(
      {
        socketPath,
        path: "/v1/requests",
        method: "POST",
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          Authorization: `Bearer ${token}`,
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > ANSWER_BYTES_MAX) outgoing.destroy();
        });
        response.on("end", () => resolve(text));
        response.on("error", () => resolve(undefined));
        response.on("close", () => resolve(undefined));
      },
    );
    outgoing.on("error", (error) => {
      const code = memberAt(error, "code");
      resolve(code === "ENOENT" || code === "ECONNREFUSED" ? "no-broker" : undefined);
    });
    outgoing.end(body);
  });
}

function isAnswer(answer: unknown): boolean {
  const ok = memberAt(answer, "ok");
  if (ok === false)
    return (
      typeof memberAt(answer, "code") === "string" &&
      typeof memberAt(answer, "message") === "string"
    );
  if (ok !== true) return false;
  return (
    memberAt(answer, "gone") === true ||
    (typeof memberAt(answer, "id") === "string" && typeof memberAt(answer, "outputs") === "object")
  );
}
