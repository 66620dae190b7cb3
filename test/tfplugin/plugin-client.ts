import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { PluginProvider } from "../../src/tfplugin/plugin-provider.ts";
import { createSelfSignedCertificate } from "../../src/tfplugin/self-signed-certificate.ts";
import { servePlugin } from "../../src/tfplugin/serve-plugin.ts";
import { readValues, type Values, writeValues } from "../../src/tfplugin/value.ts";

const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const PROTO = join(import.meta.dirname, "../../src/tfplugin/provider.proto");

/** An answer of the provider; diagnostics are their summaries. */
export interface Answer {
  readonly values: Values | undefined;
  readonly problems: readonly string[];
  readonly replace: readonly string[];
}

/** The engine's side of the protocol, as far as a test needs it. */
export interface PluginClient {
  readonly handshake: string;
  /** Raw answer of a method. */
  call(method: string, request?: object): Promise<Record<string, unknown>>;
  configure(config: Values): Promise<Answer>;
  validate(type: string, config: Values): Promise<Answer>;
  plan(type: string, prior: Values | undefined, proposed: Values | undefined): Promise<Answer>;
  apply(type: string, prior: Values | undefined, planned: Values | undefined): Promise<Answer>;
  read(type: string, state: Values): Promise<Answer>;
  close(): void;
}

/** Starts a provider as an engine would, and connects to it over mutual TLS. */
export async function connectPlugin(provider: PluginProvider): Promise<PluginClient> {
  const folder = mkdtempSync(join(tmpdir(), "sc-"));
  const own = createSelfSignedCertificate(new Date());
  const server = await servePlugin(provider, {
    TF_PLUGIN_MAGIC_COOKIE: COOKIE,
    PLUGIN_CLIENT_CERT: own.certificatePem,
    PLUGIN_UNIX_SOCKET_DIR: folder,
  });
  if (server === undefined) throw new Error("the plugin did not start");
  const [, , , socket = "", , certificate = ""] = server.handshake.split("|");
  const lines = Buffer.from(certificate, "base64").toString("base64").replace(/.{64}/g, "$&\n");
  const root = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  const credentials = grpc.credentials.createSsl(
    Buffer.from(root),
    Buffer.from(own.keyPem),
    Buffer.from(own.certificatePem),
  );
  const loaded = grpc.loadPackageDefinition(loadSync(PROTO, { keepCase: true, defaults: true }));
  const { Provider } = loaded.tfplugin6 as unknown as {
    readonly Provider: grpc.ServiceClientConstructor;
  };
  const client = new Provider(`unix:${socket}`, credentials, {
    "grpc.ssl_target_name_override": "localhost",
  });
  const call: PluginClient["call"] = (method, request = {}) =>
    new Promise((resolve, reject) => {
      client[method]?.(request, (error: unknown, answer: Record<string, unknown>) =>
        error === null ? resolve(answer) : reject(error),
      );
    });
  const attributesOf = (type: string) => provider.resources.get(type)?.attributes ?? {};
  const ask = async (method: string, type: string, fields: Record<string, Values | undefined>) => {
    const attributes = attributesOf(type);
    const sent = Object.entries(fields).map(([name, values]) => [
      name,
      { msgpack: writeValues(attributes, values) },
    ]);
    const answer = await call(method, { type_name: type, ...Object.fromEntries(sent) });
    return describe(answer, attributes);
  };
  return {
    handshake: server.handshake,
    call,
    async configure(config) {
      const sent = { config: { msgpack: writeValues(provider.config, config) } };
      return describe(await call("ConfigureProvider", sent), provider.config);
    },
    validate: (type, config) => ask("ValidateResourceConfig", type, { config }),
    plan: (type, prior, proposed) =>
      ask("PlanResourceChange", type, { prior_state: prior, proposed_new_state: proposed }),
    apply: (type, prior, planned) =>
      ask("ApplyResourceChange", type, { prior_state: prior, planned_state: planned }),
    read: (type, state) => ask("ReadResource", type, { current_state: state }),
    close() {
      client.close();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function describe(answer: Record<string, unknown>, attributes: PluginProvider["config"]): Answer {
  const value = (answer.planned_state ?? answer.new_state ?? answer.value) as {
    readonly msgpack: Uint8Array;
  } | null;
  const diagnostics = (answer.diagnostics ?? []) as readonly { readonly summary: string }[];
  const replace = (answer.requires_replace ?? []) as readonly {
    readonly steps: readonly { readonly attribute_name: string }[];
  }[];
  return {
    values: value == null ? undefined : readValues(attributes, value.msgpack),
    problems: diagnostics.map(({ summary }) => summary),
    replace: replace.map(({ steps }) => steps.map((step) => step.attribute_name).join(".")),
  };
}
