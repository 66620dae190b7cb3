import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ServedFunction, serveFunction } from "./serve-function.ts";

const NAME = "function-patch-and-transform";

/** The real function where the PATH has it, else the stand-in for it. */
export async function startFunction(): Promise<ServedFunction & { readonly isReal: boolean }> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const program = folders.map((folder) => join(folder, NAME)).find((path) => existsSync(path));
  if (program === undefined) return { ...(await serveFunction()), isReal: false };
  const port = await findPort();
  const target = `127.0.0.1:${port}`;
  const child = spawn(program, ["--insecure", "--address", target], { stdio: "ignore" });
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`${program} does not listen`);
    await sleep(100);
  }
  return { target, isReal: true, close: () => void child.kill() };
}

function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        resolve(address !== null && typeof address === "object" ? address.port : 0),
      );
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
