import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../deploy/machine-folders.ts";
import { readLog } from "../log/read-log.ts";
import { type StoryLine, tellEntry } from "../log/tell-entry.ts";
import type { Books } from "../sandbox/books.ts";
import { askSandbox } from "./ask-sandbox.ts";
import { type OpenSandbox, openSandbox } from "./open-sandbox.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { projectHome } from "./sandbox-home.ts";
import { runUp } from "./up-project.ts";
import type { Workplace } from "./workplace.ts";

export interface OutageResult {
  /** Who carried on: the orchestrator and the issuer that the account and its payment token hang on in the end. */
  readonly orchestrator: string;
  readonly issuer: string;
  /** From the vendors' own books. */
  readonly accounts: number;
  readonly paymentTokens: number;
  /** `10.44 USD: Registration of example-shop.com`. */
  readonly charges: readonly string[];
  /** What the log tells, oldest first. */
  readonly story: readonly StoryLine[];
  readonly seconds: number;
}

/**
 * What of Stripe this run asks for: the account request, which reaches the provider and whose answer is lost, and after that its API for payments, which
 * answers nobody. Nothing asks that API before, so to the run all of Stripe ends with the lost answer. Everybody else is there.
 */
const STRIPE_GOES_AWAY = [
  { match: { method: "POST", path: "/provisioning/account_requests$" }, kind: "drop-after" },
  { match: { path: "^/v1/" }, kind: "refuse" },
] as const;

/**
 * Deploys the storefront in a folder and a sandbox of its own while Stripe goes away in mid-run: another orchestrator opens the account that was made, another
 * issuer pays. Fails unless the vendors' books show one account, one payment token and one charge.
 */
export async function demoOutage(workplace: Workplace): Promise<Outcome<OutageResult>> {
  const started = Date.now();
  const root = mkdtempSync(join(tmpdir(), "supercargo-outage-"));
  let sandbox: OpenSandbox | undefined;
  try {
    writeProject(root);
    const opened = await openSandbox(root, { daemon: false });
    if ("ok" in opened) return opened;
    sandbox = opened;
    // The provider knows the person by the e-mail address that the identity provider has verified; without this it would ask for a consent.
    const settings = { linksVerifiedEmails: true };
    await askSandbox(sandbox, "providers/cloudflare", { body: settings });
    for (const fault of STRIPE_GOES_AWAY)
      await askSandbox(sandbox, "faults", { body: { ...fault, times: null } });
    workplace.progress.step("Stripe will go away once the account request has been sent");
    const { outcome } = await runUp({ ...workplace, cwd: root }, { keepSandbox: false });
    if (!outcome.ok) return outcome;
    const result = describe(root, (await askSandbox(sandbox, "books")) as Books, started);
    const { accounts, paymentTokens, charges, orchestrator, issuer } = result;
    const isOne = [accounts, paymentTokens, charges.length].every((count) => count === 1);
    if (isOne && orchestrator !== "stripe" && issuer !== "stripe") return succeed(result);
    return refuse({
      kind: "remote",
      code: "outage-not-survived",
      message: `the books show ${accounts} accounts, ${paymentTokens} payment tokens and ${charges.length} charges, by ${orchestrator} and ${issuer}`,
    });
  } finally {
    await sandbox?.close();
    rmSync(root, { recursive: true, force: true });
  }
}

/** The storefront, with a second one who pays; a second one who vouches it has already. */
function writeProject(root: string): void {
  cpSync(join(packageFolder(), "templates/storefront"), root, { recursive: true });
  const file = join(root, "supercargo.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("payment: [stripe]", "payment: [stripe, adyen]"));
}

function describe(root: string, books: Books, started: number): OutageResult {
  const story = readLog(projectHome(root)).map(tellEntry);
  return {
    orchestrator: lastVia(root, "account") ?? "nobody",
    issuer: books.paymentTokens[0]?.issuer ?? "nobody",
    accounts: books.accounts.length,
    paymentTokens: books.paymentTokens.length,
    charges: books.charges.map(({ amount, description }) => `${amount}: ${description}`),
    story,
    seconds: Math.round((Date.now() - started) / 1000),
  };
}

/** Through whom the log's newest entry about the account went. */
function lastVia(root: string, word: string): string | undefined {
  return readLog(projectHome(root)).findLast(
    ({ name, via }) => name.startsWith(word) && via !== undefined,
  )?.via;
}
