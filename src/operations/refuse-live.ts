import { type Refusal, refuse } from "./outcome.ts";

/** Says no to an act on a live stack. The remedy says what the act is good for. */
export function refuseLive(stack: string, remedy: string): Refusal {
  const message = `\`${stack}\` is a live stack, and this machine holds no live credentials`;
  return refuse({ kind: "person", code: "approval-needed", message, remedy });
}
