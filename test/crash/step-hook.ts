import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface StepHook {
  /** Value of SUPERCARGO_STEP_HOOK for the command under test. */
  readonly url: string;
  /** Replaces what happens at a step; the broker waits for it. */
  onStep(listener: (step: string) => Promise<void>): void;
  close(): Promise<void>;
}

/** Receives the broker's steps over HTTP, each before it is taken, so that a test can kill a process exactly there. */
export async function startStepHook(): Promise<StepHook> {
  let listener: (step: string) => Promise<void> = async () => {};
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const { step } = JSON.parse(body) as { step: string };
      listener(step).then(
        () => response.end("{}"),
        () => response.end("{}"),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/step`,
    onStep(next) {
      listener = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
