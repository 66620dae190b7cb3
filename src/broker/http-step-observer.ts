import type { StepObserver } from "./steps.ts";

/**
 * Tells a listener on this machine of every step and waits for its answer, so that fault tests can kill a process exactly there. Steps carry
 * names only. Throws for an address that is not loopback: nothing leaves the machine.
 */
export function httpStepObserver(url: string, send: typeof fetch = fetch): StepObserver {
  const { protocol, hostname } = new URL(url);
  if (protocol !== "http:" || hostname !== "127.0.0.1") {
    throw new Error("a step listener is an http address on 127.0.0.1");
  }
  return {
    async observe({ point, name, kind, verb, resource }) {
      const step = `${point} ${name} of ${verb} ${kind} ${resource}`;
      const answer = await send(url, { method: "POST", body: JSON.stringify({ step }) });
      await answer.arrayBuffer();
    },
  };
}
