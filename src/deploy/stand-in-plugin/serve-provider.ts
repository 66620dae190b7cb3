import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import { isProperties, type Properties } from "./property-names.ts";
import type { Operations, StandIn } from "./stand-in.ts";

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
 * Answers the engine's calls for a package; `unfinished` are the URNs whose creation an earlier run may have done without being able to say so. Resolves with the
 * port.
 */
export async function serveProvider(
  standIn: StandIn,
  unfinished: ReadonlySet<string>,
): Promise<number> {
  const { name, version } = standIn;
  let configured: Operations | undefined;
  const operations = (): Operations => {
    if (configured === undefined) throw new Error(standIn.needs);
    return configured;
  };
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
    getSchema: () => build("GetSchemaResponse", { schema: JSON.stringify({ name, version }) }),
    checkConfig: (request) =>
      build("CheckResponse", { inputs: toStruct(readStruct(request, "News")) }),
    diffConfig: (request) => diffConfig(request),
    configure: (request) => {
      configured = standIn.configure(withoutUnknown(readStruct(request, "Args")));
      return build("ConfigureResponse", { acceptsecrets: false, supportspreview: false });
    },
    check: (request) => {
      const news = readStruct(request, "News");
      const failures = standIn
        .check(typeOf(request), withoutUnknown(news))
        .filter(({ property }) => news[property] !== UNKNOWN)
        .map((failure) => build("CheckFailure", failure));
      return build("CheckResponse", { inputs: toStruct(news), failuresList: failures });
    },
    diff: (request) => {
      const olds = readStruct(request, "OldInputs");
      const { changed, replaces, deleteFirst } = standIn.diff(
        typeOf(request),
        olds,
        readStruct(request, "News"),
      );
      return build("DiffResponse", {
        changes: changed.length > 0 ? 2 : 1,
        diffsList: changed,
        replacesList: replaces,
        deletebeforereplace: deleteFirst === true && replaces.length > 0,
      });
    },
    create: async (request) => {
      const inputs = readStruct(request, "Properties");
      if (request.getPreview?.() === true)
        return build("CreateResponse", { properties: toStruct(inputs) });
      const isRepeated = unfinished.has(text(request, "Urn"));
      const { id, outs } = await operations().create(typeOf(request), inputs, isRepeated);
      return build("CreateResponse", { id, properties: toStruct(outs) });
    },
    read: async (request) => {
      const id = text(request, "Id");
      const seen = await operations().read(
        typeOf(request),
        id,
        readStruct(request, "Properties"),
        readStruct(request, "Inputs"),
      );
      if (seen === undefined) return build("ReadResponse", { id: "" });
      const { state, inputs } = seen;
      return build("ReadResponse", { id, properties: toStruct(state), inputs: toStruct(inputs) });
    },
    update: async (request) => {
      const news = readStruct(request, "News");
      if (request.getPreview?.() === true)
        return build("UpdateResponse", { properties: toStruct(news) });
      const outs = await operations().update(typeOf(request), text(request, "Id"), news);
      return build("UpdateResponse", { properties: toStruct(outs) });
    },
    delete: async (request) => {
      const state = readStruct(request, "Properties");
      await operations().remove(typeOf(request), text(request, "Id"), state);
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

/** A new token or address never replaces what was made with the old one. */
function diffConfig(request: Message): Message {
  const olds = readStruct(request, "OldInputs");
  const news = readStruct(request, "News");
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((name) => olds[name] !== news[name])
    .sort();
  return build("DiffResponse", { changes: changed.length > 0 ? 2 : 1, diffsList: changed });
}

/** The engine's type token in a URN, of which the parents' come before. */
function typeOf(request: Message): string {
  const [, , types = ""] = text(request, "Urn").split("::");
  return types.split("$").at(-1) ?? "";
}

/** What is known of the configuration or of inputs. */
function withoutUnknown(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== UNKNOWN));
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
