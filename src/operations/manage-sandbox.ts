import type { Books } from "../sandbox/books.ts";
import type { Json } from "../util/canonical-json.ts";
import { showPath } from "./find-project.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { findRoot, sandboxHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";

/** Whether a sandbox answers, and where. */
export interface SandboxState {
  readonly running: boolean;
  /** Folder of its state, as the user would write it. */
  readonly home: string;
  readonly controlUrl?: string | undefined;
  /** Apps answer at `http://<hostname>.localhost:<appPort>`. */
  readonly appPort?: number | undefined;
  readonly pid?: number | undefined;
}

/** How long a sandbox may take to end, milliseconds. */
const STOP_TIMEOUT_MS = 15_000;

/** Looks for the project's sandbox. */
export async function readSandboxState(workplace: Workplace): Promise<Outcome<SandboxState>> {
  return succeed(await look(workplace));
}

/** Starts the project's sandbox as a process that outlives this one; one that runs already is left as it is. */
export async function startProjectSandbox(workplace: Workplace): Promise<Outcome<SandboxState>> {
  const state = await look(workplace);
  if (state.running) return succeed(state);
  const { spawnSandbox } = await import("../sandbox/connect-sandbox.ts");
  workplace.progress.step("starting the sandbox");
  try {
    await spawnSandbox({ home: homeOf(workplace), detached: true });
  } catch (error) {
    return refuseStart(error);
  }
  return succeed(await look(workplace), { nextSteps: ["npx supercargo sandbox stop"] });
}

/** Ends the project's sandbox; its state stays. Harmless when none runs. */
export async function stopProjectSandbox(workplace: Workplace): Promise<Outcome<SandboxState>> {
  const { running, pid } = await look(workplace);
  if (!running || pid === undefined) return succeed(await look(workplace));
  workplace.progress.step("stopping the sandbox");
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (isAlive(pid)) {
    const message = `the sandbox (process ${pid}) does not end`;
    return refuse({ kind: "remote", code: "sandbox-busy", message, remedy: `End process ${pid}.` });
  }
  return succeed(await look(workplace));
}

/** Runs the project's sandbox in this process until the workplace's signal; `onReady` is told where it answers. */
export async function serveProjectSandbox(
  workplace: Workplace,
  onReady: (state: SandboxState) => void,
): Promise<Outcome<SandboxState>> {
  const { startSandbox } = await import("../sandbox/start-sandbox.ts");
  const home = homeOf(workplace);
  try {
    const { controlUrl, appPort, close } = await startSandbox({ home });
    const shown = showPath(workplace.cwd, home);
    onReady({ running: true, home: shown, controlUrl, appPort, pid: process.pid });
    await untilAborted(workplace.signal);
    await close();
  } catch (error) {
    return refuseStart(error);
  }
  return succeed(await look(workplace));
}

/** The sandbox's own records of everything that happened at its providers and issuers. */
export async function readSandboxBooks(
  workplace: Workplace,
): Promise<Outcome<{ readonly books: Readonly<Record<string, Json>> }>> {
  const { findSandbox } = await import("../sandbox/connect-sandbox.ts");
  const found = await findSandbox(homeOf(workplace));
  if (found === undefined) {
    return refuse({
      kind: "usage",
      code: "sandbox-not-running",
      message: "the sandbox does not run",
      remedy: "Run `npx supercargo sandbox start`.",
    });
  }
  const response = await fetch(`${found.controlUrl}/sandbox/books`, {
    headers: { "x-sandbox-admin": found.adminToken },
    signal: workplace.signal,
  });
  const books = JSON.parse(shortenPaymentTokens(await response.text()));
  return succeed({ books: books as Readonly<Record<string, Json>> });
}

/**
 * A payment token's id may be all it takes to charge it: people get to see its last four characters, and what comes before the first underscore, wherever in
 * the books it stands.
 */
function shortenPaymentTokens(text: string): string {
  const { paymentTokens } = JSON.parse(text) as Pick<Books, "paymentTokens">;
  return paymentTokens.reduce((shortened, { id }) => {
    const prefix = /^[A-Za-z]+_/.exec(id)?.[0] ?? "";
    return shortened.replaceAll(id, `${prefix}...${id.slice(-4)}`);
  }, text);
}

async function look(workplace: Workplace): Promise<SandboxState> {
  const { findSandbox } = await import("../sandbox/connect-sandbox.ts");
  const home = homeOf(workplace);
  const shown = showPath(workplace.cwd, home);
  const found = await findSandbox(home);
  if (found === undefined) return { running: false, home: shown };
  const { controlUrl, appPort, pid } = found;
  return { running: true, home: shown, controlUrl, appPort, pid };
}

function homeOf({ cwd }: Workplace): string {
  return sandboxHome(findRoot(cwd));
}

/** The refusal of a sandbox that does not start; a bug is thrown on. */
export function refuseStart(error: unknown): Refusal {
  if (!(error instanceof Error) || error.name !== "SandboxError") throw error;
  const { code } = error as Error & { readonly code: string };
  return refuse({
    kind: "remote",
    code: `sandbox-${code}`,
    message: error.message,
    remedy: "See sandbox.log in `.supercargo/sandbox`, and `npx supercargo sandbox status`.",
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}
