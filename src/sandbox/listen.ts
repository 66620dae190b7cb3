import { createServer, type Server } from "node:net";
import { SandboxError } from "./sandbox-error.ts";

/** Lets a server listen on 127.0.0.1; port 0 takes a free one. Answers with the port. Throws {@link SandboxError} `port-busy`. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      reject(new SandboxError("port-busy", `port ${port} is taken by another program`));
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** A port that is free now: `wanted`, or any when it is 0. Throws {@link SandboxError} `port-busy`. */
export async function probePort(wanted: number): Promise<number> {
  const server = createServer();
  const port = await listen(server, wanted);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
