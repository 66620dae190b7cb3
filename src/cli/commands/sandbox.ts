import type { Outcome, SandboxState } from "../../index.ts";
import type { Answer, Call, Command } from "../command.ts";

const ACTIONS = ["status", "start", "stop", "serve", "books"] as const;

const command: Command = {
  name: "sandbox",
  summary: "start, stop or look at the project's local cloud",
  details: [
    "status  whether it runs, and where (default)",
    "start   start it in the background",
    "stop    end it; what it holds stays",
    "serve   run it here until Ctrl-C",
    "books   what its providers and issuers have recorded",
  ].join("\n"),
  arguments: [{ name: "action", summary: "what to do, default status", choices: ACTIONS }],
  options: {},
  async run(call): Promise<Answer> {
    const action = call.arguments[0] ?? "status";
    const library = await import("../../index.ts");
    switch (action) {
      case "start":
        return answer(await library.startProjectSandbox(call.workplace));
      case "stop":
        return answer(await library.stopProjectSandbox(call.workplace));
      case "serve":
        return answer(await library.serveProjectSandbox(call.workplace, announce(call)));
      case "books": {
        const outcome = await library.readSandboxBooks(call.workplace);
        const text = outcome.ok ? JSON.stringify(outcome.data.books, undefined, 2) : "";
        return { outcome, text };
      }
      default:
        return answer(await library.readSandboxState(call.workplace));
    }
  },
};
export default command;

function answer(outcome: Outcome<SandboxState>): Answer {
  return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
}

function describe({ running, home, controlUrl, appPort, pid }: SandboxState): string {
  if (!running) return `the sandbox in ${home} does not run`;
  return `the sandbox in ${home} runs: API ${controlUrl}, apps on port ${appPort}, process ${pid}`;
}

function announce({ workplace }: Call): (state: SandboxState) => void {
  return (state) => workplace.progress.show(`${describe(state)}; Ctrl-C ends it`);
}
