import { request } from "node:http";
import { classifyAddress } from "../../../util/network-address.ts";
import { parseJson } from "../../../util/parse-json.ts";

/** An answer of the Docker Engine API that is none of success. */
export class DockerError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Of the API, which engines since Docker 27 (2024) speak. */
const VERSION = "v1.47";
const MAX_MESSAGE = 500;

export interface DockerCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** From behind the version on, query included. */
  readonly path: string;
  readonly body?: unknown;
  /** In place of `body`. */
  readonly tar?: Buffer | undefined;
}

/** Calls the Docker Engine API of a host. */
export type CallDocker = (call: DockerCall) => Promise<unknown>;

/**
 * Speaks to a host at `unix:///path`, or in clear at `tcp://host:port` or `http://host:port` of this machine. Throws for others, such as `ssh:`, which the real
 * plugin can: whoever reads or changes the calls has the containers' passwords and the host. `tls`: what asked for TLS, if anything did.
 */
export function createDockerApi(host: string, tls?: string): CallDocker {
  const place = readPlace(host, tls);
  return ({ method, path, body, tar }) =>
    new Promise((resolve, reject) => {
      const payload = tar ?? (body === undefined ? undefined : JSON.stringify(body));
      const type = tar === undefined ? "application/json" : "application/x-tar";
      const call = request(
        {
          ...place,
          method,
          path: `/${VERSION}${path}`,
          headers:
            payload === undefined
              ? {}
              : { "content-type": type, "content-length": Buffer.byteLength(payload) },
          agent: false,
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("error", reject).on("end", () => {
            const status = response.statusCode ?? 0;
            // The progress of a pull is many values, and so none.
            const value = parseJson(text);
            if (status < 300 || status === 304) return resolve(value);
            const { message = "" } = (value ?? {}) as { readonly message?: string };
            reject(
              new DockerError(
                status,
                `${method} ${path.split("?")[0]}: ${status} ${message.slice(0, MAX_MESSAGE)}`,
              ),
            );
          });
        },
      );
      call.on("error", reject);
      call.end(payload);
    });
}

function readPlace(host: string, tls: string | undefined) {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url === undefined || (url.protocol !== "tcp:" && url.protocol !== "http:"))
    throw new Error(
      "the stand-in plugin cannot reach a host by this address; install the real plugin",
    );
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const refusal =
    tls !== undefined
      ? `${tls} asks for TLS, which the stand-in plugin does not speak, and nothing is sent in clear instead`
      : name !== "localhost" && classifyAddress(name) !== "loopback"
        ? `the Docker host ${url.host} is not this machine, and what the stand-in plugin sends would go there in clear`
        : undefined;
  if (refusal !== undefined) throw new Error(`${refusal}: ${REMEDY}`);
  return { host: name, port: url.port };
}

const REMEDY =
  "install the real plugin, or lead a Unix socket to the host (ssh -L /path/docker.sock:/var/run/docker.sock user@host) and set DOCKER_HOST=unix:///path/docker.sock";
