import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { patchAndTransform } from "./patch-and-transform.ts";
import { fromStruct, type Struct, toStruct } from "./struct-value.ts";

interface State {
  readonly composite?: { readonly resource?: Struct };
  readonly resources?: Readonly<Record<string, { readonly resource?: Struct; ready?: number }>>;
}

interface Request {
  readonly meta?: { readonly tag: string };
  readonly observed?: State;
  readonly input?: Struct;
}

const READY = 1;

/** A function that listens on this machine. */
export interface ServedFunction {
  /** `127.0.0.1:41234`. */
  readonly target: string;
  close(): void;
}

/** Serves the stand-in for `function-patch-and-transform` as `crossplane composition render` calls functions in development: gRPC without TLS. */
export async function serveFunction(): Promise<ServedFunction> {
  const file = fileURLToPath(new URL("run-function.proto", import.meta.url));
  const loaded = loadSync(file, { keepCase: false, oneofs: true, enums: String });
  const service = loaded["apiextensions.fn.proto.v1.FunctionRunnerService"];
  const server = new grpc.Server();
  server.addService(service as grpc.ServiceDefinition, {
    runFunction(
      call: { readonly request: Request },
      answer: (error: Error | null, response?: object) => void,
    ) {
      try {
        answer(null, runFunction(call.request));
      } catch (error) {
        answer(error as Error);
      }
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { target: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function runFunction({ meta, observed, input }: Request): object {
  const existing = Object.entries(observed?.resources ?? {});
  const { composite, resources, ready } = patchAndTransform(fromStruct(input), {
    composite: fromStruct(observed?.composite?.resource),
    resources: Object.fromEntries(
      existing.map(([name, { resource }]) => [name, fromStruct(resource)]),
    ),
  });
  return {
    meta: { tag: meta?.tag ?? "" },
    desired: {
      composite: { resource: toStruct(composite) },
      resources: Object.fromEntries(
        Object.entries(resources).map(([name, resource]) => [
          name,
          { resource: toStruct(resource), ...(ready.has(name) && { ready: READY }) },
        ]),
      ),
    },
  };
}
