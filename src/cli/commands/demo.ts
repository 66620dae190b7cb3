import type {
  AttackEntry,
  DemoResult,
  EngineComparison,
  MoveResult,
  OutageResult,
  UpPlan,
} from "../../index.ts";
import type { Answer, Call, Command } from "../command.ts";
import { describeMoney } from "../describe-money.ts";
import { renderDiff } from "../render-diff.ts";
import { renderStory } from "../render-story.ts";
import { createPaint, type Paint } from "../style.ts";

const INTRODUCTION = `Supercargo deploys a small shop from a manifest an agent could have written: a domain, a database, a bucket, a queue,
an app and a nightly job (templates/storefront/supercargo.yaml). Everything happens on this machine, in a sandbox that
speaks the real protocols: no account, no card, no cloud. The engine is the real Pulumi.
`;

const command: Command = {
  name: "demo",
  summary: "deploy the sample shop into the sandbox, and order something in it",
  details:
    "On a terminal the shop keeps answering until Ctrl-C; elsewhere everything is stopped at the end.",
  arguments: [
    {
      name: "what",
      summary:
        "the shop (default); attack: a hostile agent tries what it must not; engines: what each would make of the shop; outage: Stripe goes away in mid-run; move: the shop leaves Cloudflare while it is visited",
      choices: ["shop", "attack", "engines", "outage", "move"],
    },
  ],
  options: {},
  story: true,
  async run(call) {
    if (call.arguments[0] === "attack") return runAttack(call);
    if (call.arguments[0] === "engines") return runEngines(call);
    if (call.arguments[0] === "outage") return runOutage(call);
    if (call.arguments[0] === "move") return runMove(call);
    const { demoStorefront, renderReviewText } = await import("../../index.ts");
    const { progress } = call.workplace;
    const paint = createPaint(call.colors);
    const heading = (text: string) => `\n${paint("bold", `== ${text}`)}\n`;
    if (!call.json) progress.show(INTRODUCTION);
    const outcome = await demoStorefront(call.workplace, {
      onPlan({ review, steps }: UpPlan) {
        if (call.json) return;
        progress.show(
          `${heading("What a person would review")}${renderReviewText(review, { color: call.colors })}`,
        );
        progress.show(`${heading("What the Pulumi engine would do")}${renderDiff(steps, paint)}\n`);
      },
      async onReady(result) {
        if (!call.json) progress.show(`${heading("Done")}${describe(result)}\n`);
        await serve(call, result);
      },
    });
    return { outcome, text: "", hasShownFindings: true };
  },
};
export default command;

/** Shows each attempt of the hostile agent as it ends. */
async function runAttack(call: Call): Promise<Answer> {
  const { demoAttack } = await import("../../index.ts");
  const { progress } = call.workplace;
  const paint = createPaint(call.colors);
  const outcome = await demoAttack(call.workplace, {
    onAttempt(entry) {
      if (!call.json) progress.show(`${describeAttempt(entry, paint)}\n`);
    },
  });
  if (!outcome.ok) return { outcome, text: "" };
  const { charged, cap, over, attempts, seconds } = outcome.data;
  const text = `\n${attempts.length} of ${attempts.length} stopped in ${seconds} s: ${charged} charged of ${cap}, ${over} over`;
  return { outcome, text };
}

/** What each engine would make of the shop, side by side. */
async function runEngines(call: Call): Promise<Answer> {
  const { demoEngines } = await import("../../index.ts");
  const outcome = await demoEngines(call.workplace);
  return { outcome, text: outcome.ok ? describeEngines(outcome.data) : "" };
}

/** The shop's deployment while one company goes away, as its log tells it. */
async function runOutage(call: Call): Promise<Answer> {
  const { demoOutage } = await import("../../index.ts");
  const outcome = await demoOutage(call.workplace);
  return { outcome, text: outcome.ok ? describeOutage(outcome.data, call.colors) : "" };
}

function describeOutage(result: OutageResult, colors: boolean): string {
  const { story, accounts, paymentTokens, charges, orchestrator, issuer, seconds } = result;
  return [
    renderStory({ lines: story, size: story.length }, colors),
    "",
    `The vendors' books: accounts ${accounts}, payment tokens ${paymentTokens}, charges ${charges.length} (${charges.join("; ")}).`,
    `Stripe went away in mid-run; \`${orchestrator}\` vouched and \`${issuer}\` paid, ${seconds} s in all.`,
  ].join("\n");
}

/** The shop's way from one vendor to another. */
async function runMove(call: Call): Promise<Answer> {
  const { demoMove } = await import("../../index.ts");
  const outcome = await demoMove(call.workplace);
  return { outcome, text: outcome.ok ? describeMove(outcome.data) : "" };
}

function describeMove(result: MoveResult): string {
  const { from, to, phases, checked, requests, failed, slowestMs, heldMs, seconds } = result;
  const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const counts = Object.entries(checked).map(([resource, items]) => `${items} in ${resource}`);
  return [
    ...phases.map(({ phase, state, does }) => `${state}  ${phase.padEnd(6)}  ${does}`),
    "",
    `compared, row by row, object by object, key by key: ${counts.join(", ")}`,
    `requests during the move: ${requests}, failed ${failed}; they waited for ${inSeconds(heldMs)}, the slowest took ${inSeconds(slowestMs)}`,
    `writes that a visitor was told of: ${result.written}, lost ${result.lost}`,
    `the shop moved from ${from} (${result.before}) to ${to} (${result.after}), ${seconds} s in all`,
  ].join("\n");
}

function describeEngines({ engines }: EngineComparison): string {
  const table = [
    ["engine", "resources", "permissions", "now", "monthly", "yearly", "seconds"],
    ...engines.map(({ engine, resources, permissions, cost, seconds }) => [
      engine,
      String(resources.length),
      String(permissions.length),
      ...[cost.oneTime, cost.monthly, cost.yearly].map((money) => money.join(", ") || "0"),
      String(seconds),
    ]),
  ];
  const widths = (table[0] ?? []).map((_, i) =>
    Math.max(...table.map((row) => row[i]?.length ?? 0)),
  );
  const lines = table.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  "));
  const [first] = engines;
  const shared = [
    ...(first?.resources ?? []),
    ...(first?.permissions ?? []).map((right) => `right at ${right}`),
    ...(first?.payment ?? []).map((token) => `payment token at ${token}`),
    ...(first?.approvals ?? []).map((approval) => `live, a person approves: ${approval}`),
  ];
  return [
    ...lines.map((line) => line.trimEnd()),
    "",
    "all of them, read back from what is printed for each:",
    ...shared.map((line) => `  ${line}`),
  ].join("\n");
}

function describeAttempt(
  { title, tried, by, stopped, entries }: AttackEntry,
  paint: Paint,
): string {
  const verdict = stopped ? paint("green", "stopped") : paint("red", "GOT THROUGH");
  const receipt = entries === undefined ? "" : `\n  log      entries ${entries.join(" to ")}`;
  return `${verdict}  ${title}\n  tried    ${tried}\n  by       ${by}${receipt}`;
}

function describe({ applied, urls, money, order }: DemoResult): string {
  const counts = Object.entries(applied).map(([operation, count]) => `${count} ${operation}`);
  return [
    `deployed: ${counts.join(", ") || "it was all there already, and nothing was bought again"}`,
    ...urls.map(({ url, local }) => `shop: ${local} (in the world: ${url})`),
    `order: ${order.quantity} x ${order.product}, ${order.status}, receipt ${order.receipt}`,
    describeMoney(money),
  ].join("\n");
}

/** Keeps the shop up while a person looks at it. */
async function serve({ interactive, json, workplace }: Call, { urls }: DemoResult): Promise<void> {
  const { signal, progress } = workplace;
  if (!interactive || json || signal.aborted) return;
  progress.show(`The shop answers at ${urls[0]?.local} until Ctrl-C.`);
  // An abort signal alone keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  clearInterval(alive);
}
