import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { PluginProvider } from "./plugin-provider.ts";
import { type Method, providerMethods } from "./provider-methods.ts";
import { createSelfSignedCertificate } from "./self-signed-certificate.ts";

/** What the engine sets so that nobody starts a plugin by hand (opentofu `internal/plugin/serve.go`, Handshake). */
const COOKIE = {
  name: "TF_PLUGIN_MAGIC_COOKIE",
  value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
} as const;
const HANDSHAKE_VERSION = 1;
const PROTOCOL_VERSION = 6;
/** Scripts and states fit well into it; the default of 4 MiB does not hold every one. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

export interface PluginServer {
  /** The one line that the engine reads from standard output. */
  readonly handshake: string;
  close(): void;
}

/**
 * Serves a provider on a socket of its own, over mutual TLS with the certificate that the engine gave this process. Undefined when no
 * engine started it.
 */
export async function servePlugin(
  provider: PluginProvider,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PluginServer | undefined> {
  const client = env.PLUGIN_CLIENT_CERT;
  if (env[COOKIE.name] !== COOKIE.value || client === undefined) return undefined;
  const folder = mkdtempSync(join(env.PLUGIN_UNIX_SOCKET_DIR ?? tmpdir(), "plugin-"));
  const { der, certificatePem, keyPem } = createSelfSignedCertificate(new Date());
  const keys = { private_key: Buffer.from(keyPem), cert_chain: Buffer.from(certificatePem) };
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
    "grpc.max_send_message_length": MESSAGE_BYTES_MAX,
  });
  const close = (): void => {
    server.forceShutdown();
    rmSync(folder, { recursive: true, force: true });
  };
  server.addService(providerService(), answersOf(providerMethods(provider)));
  server.addService(HEALTH, { check: answerBytes([0x08, 0x01]) });
  server.addService(CONTROLLER, { shutdown: answerBytes([], close) });
  const socket = join(folder, "socket");
  await bind(server, socket, grpc.ServerCredentials.createSsl(Buffer.from(client), [keys], true));
  const certificate = der.toString("base64").replace(/=+$/, "");
  const parts = [HANDSHAKE_VERSION, PROTOCOL_VERSION, "unix", socket, "grpc", certificate];
  return { handshake: parts.join("|"), close };
}

function providerService(): grpc.ServiceDefinition {
  const file = fileURLToPath(new URL("provider.proto", import.meta.url));
  const loaded = loadSync(file, { keepCase: true, longs: Number, defaults: true });
  const service = loaded["tfplugin6.Provider"];
  if (service === undefined || "format" in service) throw new Error("no service in the protocol");
  return service as grpc.ServiceDefinition;
}

function answersOf(methods: Readonly<Record<string, Method>>): grpc.UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => {
      const answer: grpc.handleUnaryCall<Readonly<Record<string, unknown>>, unknown> = (
        call,
        callback,
      ) => {
        method(call.request).then(
          (message) => callback(null, message),
          // The text of an unforeseen failure may quote values.
          () => callback({ code: grpc.status.INTERNAL, details: `${name} failed` }),
        );
      };
      return [name[0]?.toUpperCase() + name.slice(1), answer];
    }),
  );
}

/** Two small services of go-plugin: is it alive, and end. Their messages are a byte or nothing, so they need no definition. */
const HEALTH = { check: rawMethod("/grpc.health.v1.Health/Check") };
const CONTROLLER = { shutdown: rawMethod("/plugin.GRPCController/Shutdown") };

function rawMethod(path: string): grpc.MethodDefinition<Buffer, Buffer> {
  const same = (bytes: Buffer): Buffer => bytes;
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

function answerBytes(
  bytes: readonly number[],
  then?: () => void,
): grpc.handleUnaryCall<Buffer, Buffer> {
  return (_call, callback) => {
    callback(null, Buffer.from(bytes));
    if (then !== undefined) setImmediate(then);
  };
}

function bind(
  server: grpc.Server,
  socket: string,
  credentials: grpc.ServerCredentials,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, credentials, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
}
