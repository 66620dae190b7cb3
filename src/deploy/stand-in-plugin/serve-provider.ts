import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import type { ApiConfig } from "./cloudflare-api.ts";
import {
  createResource,
  diffInputs,
  readResource,
  removeResource,
  updateResource,
} from "./manage-resource.ts";
import { isProperties, type Properties } from "./property-names.ts";
import type { ResourceSpec } from "./resource-spec.ts";
import { SPECS } from "./specs/index.ts";

// The messages are CommonJS made by protoc, without types of use here.
const require = createRequire(import.meta.url);
const messages = require("@pulumi/pulumi/proto/provider_pb.js") as Messages;
const services = require("@pulumi/pulumi/proto/provider_grpc_pb.js") as {
  readonly ResourceProviderService: grpc.ServiceDefinition;
};
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb.js") as Messages;
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js") as Messages;
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js") as Readonly<
  Record<"Struct", { fromJavaScript(value: Properties): unknown }>
>;

/** A message of the engine's protocol (pulumi/proto/provider.proto): getters and setters by field name. */
type Message = Readonly<Record<string, (value?: unknown) => unknown>>;
type Messages = Readonly<Record<string, new () => Message>>;

/** The engine writes this text where a value is not known yet (SDK, `runtime/rpc`, unknownValue). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks of a wrapped value and of a secret (SDK, `runtime/rpc`, specialSigKey and specialSecretSig). */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

type Method = (request: Message) => Promise<Message> | Message;

/**
 * Answers the engine's calls; `version` is what the plugin says of itself, `unfinished` the URNs whose creation an earlier
 * run may have done without being able to say so. Resolves with the port.
 */
export async function serveProvider(
  version: string,
  unfinished: ReadonlySet<string>,
): Promise<number> {
  let config: ApiConfig | undefined;
  const server = new grpc.Server();
  const methods: Readonly<Record<string, Method>> = {
    handshake: () =>
      build("ProviderHandshakeResponse", {
        acceptSecrets: false,
        acceptResources: false,
        acceptOutputs: false,
      }),
    attach: () => new (Empty as new () => Message)(),
    cancel: () => new (Empty as new () => Message)(),
    getPluginInfo: () => fill(new (PluginInfo as new () => Message)(), { version }),
    getSchema: () =>
      build("GetSchemaResponse", { schema: JSON.stringify({ name: "cloudflare", version }) }),
    checkConfig: (request) =>
      build("CheckResponse", { inputs: toStruct(readStruct(request, "News")) }),
    diffConfig: (request) => diffConfig(request),
    configure: (request) => {
      config = readConfig(readStruct(request, "Args"));
      return build("ConfigureResponse", { acceptsecrets: false, supportspreview: false });
    },
    check: (request) => build("CheckResponse", { inputs: toStruct(readStruct(request, "News")) }),
    diff: (request) => diff(request),
    create: async (request) => {
      if (request.getPreview?.() === true)
        return build("CreateResponse", { properties: toStruct(readStruct(request, "Properties")) });
      const { id, outs } = await createResource(
        findSpec(request),
        readStruct(request, "Properties"),
        demand(config),
        unfinished.has(text(request, "Urn")),
      );
      return build("CreateResponse", { id, properties: toStruct(outs) });
    },
    read: async (request) => {
      const inputs = readStruct(request, "Inputs");
      const seen = await readResource(
        findSpec(request),
        text(request, "Id"),
        readStruct(request, "Properties"),
        inputs,
        demand(config),
      );
      if (seen === undefined) return build("ReadResponse", { id: "" });
      return build("ReadResponse", {
        id: text(request, "Id"),
        properties: toStruct(seen.state),
        inputs: toStruct(seen.inputs),
      });
    },
    update: async (request) => {
      if (request.getPreview?.() === true)
        return build("UpdateResponse", { properties: toStruct(readStruct(request, "News")) });
      const outs = await updateResource(
        findSpec(request),
        text(request, "Id"),
        readStruct(request, "News"),
        demand(config),
      );
      return build("UpdateResponse", { properties: toStruct(outs) });
    },
    delete: async (request) => {
      await removeResource(
        findSpec(request),
        text(request, "Id"),
        readStruct(request, "Properties"),
        demand(config),
      );
      return new (Empty as new () => Message)();
    },
  };
  server.addService(
    services.ResourceProviderService,
    withAnswers(methods, services.ResourceProviderService),
  );
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function withAnswers(
  methods: Readonly<Record<string, Method>>,
  service: grpc.ServiceDefinition,
): grpc.UntypedServiceImplementation {
  const unary = Object.entries(service).filter(([, { responseStream }]) => !responseStream);
  return Object.fromEntries(
    unary.map(([name]) => {
      const method = methods[name];
      const handle: grpc.handleUnaryCall<Message, Message> = (call, callback) => {
        if (method === undefined)
          return callback({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not served` });
        Promise.resolve()
          .then(() => method(call.request))
          .then(
            (answer) => callback(null, answer),
            (error: unknown) =>
              callback({
                code: grpc.status.UNKNOWN,
                details: error instanceof Error ? error.message : "unexpected",
              }),
          );
      };
      return [name, handle];
    }),
  );
}

function diff(request: Message): Message {
  const { changed, replaces } = diffInputs(
    findSpec(request),
    readStruct(request, "OldInputs"),
    readStruct(request, "News"),
  );
  return build("DiffResponse", {
    changes: changed.length > 0 ? 2 : 1,
    diffsList: changed,
    replacesList: replaces,
  });
}

/** A new token or address never replaces what was made with the old one. */
function diffConfig(request: Message): Message {
  const olds = readStruct(request, "OldInputs");
  const news = readStruct(request, "News");
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((name) => olds[name] !== news[name])
    .sort();
  return build("DiffResponse", { changes: changed.length > 0 ? 2 : 1, diffsList: changed });
}

/** Undefined while the token is unknown, as it is in the preview before the first run. */
function readConfig(args: Properties): ApiConfig | undefined {
  const { apiToken, baseUrl } = args;
  if (typeof apiToken !== "string" || apiToken === UNKNOWN) return undefined;
  if (typeof baseUrl !== "string" || baseUrl === UNKNOWN) return undefined;
  return { apiToken, baseUrl: baseUrl.replace(/\/+$/, "") };
}

/** There is no default address and no token of the environment: nothing goes out that the stack did not name. */
function demand(config: ApiConfig | undefined): ApiConfig {
  if (config === undefined)
    throw new Error("the provider needs apiToken and baseUrl; the stack's access token gives both");
  return config;
}

function findSpec(request: Message): ResourceSpec {
  const [, , types = ""] = text(request, "Urn").split("::");
  const type = types.split("$").at(-1) ?? "";
  const spec = SPECS.get(type);
  if (spec === undefined)
    throw new Error(`the stand-in plugin does not serve ${type}; install the real plugin`);
  return spec;
}

function text(request: Message, field: string): string {
  return String(request[`get${field}`]?.() ?? "");
}

function readStruct(request: Message, field: string): Properties {
  const struct = request[`get${field}`]?.() as { toJavaScript(): unknown } | undefined;
  const value = unwrapSecrets(struct?.toJavaScript());
  return isProperties(value) ? value : {};
}

/** The engine wraps secrets of the configuration in any case; it marks outputs of the same names as secret again by itself. */
function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (!isProperties(value)) return value;
  if (value[SIGNATURE_KEY] === SECRET_SIGNATURE) return unwrapSecrets(value.value);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, unwrapSecrets(item)]),
  );
}

function toStruct(value: Properties): unknown {
  return Struct.fromJavaScript(value);
}

function build(type: string, fields: Properties): Message {
  const Type = messages[type];
  if (Type === undefined) throw new Error(`the engine's protocol has no ${type}`);
  return fill(new Type(), fields);
}

function fill(message: Message, fields: Properties): Message {
  for (const [name, value] of Object.entries(fields)) {
    const setter = message[`set${name[0]?.toUpperCase()}${name.slice(1)}`];
    if (setter === undefined) throw new Error(`the engine's protocol has no field ${name}`);
    setter.call(message, value);
  }
  return message;
}
