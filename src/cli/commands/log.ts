import type { CheckedReceipt, Outcome, Proof, VerifiedLog, WitnessState } from "../../index.ts";
import type { Answer, Call, Command } from "../command.ts";
import { renderStory } from "../render-story.ts";

const ACTIONS = ["show", "verify", "prove", "witness"] as const;

const command: Command = {
  name: "log",
  summary: "read, verify and prove what was done",
  details: [
    "show     what happened, oldest first (default)",
    "verify   derive the log and the books anew, compare them with ledger and witness;",
    "         with --proof check one receipt, offline",
    "prove    the receipt of one entry: a number, a domain, a resource or an act's key",
    "witness  run a witness for other machines until Ctrl-C",
  ].join("\n"),
  arguments: [
    { name: "action", summary: "what to do, default show", choices: ACTIONS },
    { name: "entry", summary: "what to prove" },
  ],
  options: {
    stack: { kind: "text", placeholder: "NAME", summary: "whose log, default local" },
    guardrails: {
      kind: "text",
      placeholder: "FILE",
      summary: "may name the witness, default guardrails.yaml",
    },
    since: { kind: "text", placeholder: "TIME", summary: "show: from this time on" },
    limit: { kind: "text", placeholder: "N", summary: "show: the newest N" },
    out: { kind: "text", placeholder: "FILE", summary: "prove: write the receipt there" },
    checker: {
      kind: "text",
      placeholder: "FILE",
      summary: "prove: write the program that checks receipts there, .cjs",
    },
    proof: { kind: "text", placeholder: "FILE", summary: "verify: this receipt" },
    "log-key": { kind: "text", placeholder: "KEY", summary: "verify: the log's verifier key" },
    "witness-key": {
      kind: "text",
      placeholder: "KEY",
      summary: "verify: the witness's verifier key",
    },
    listen: { kind: "text", placeholder: "HOST:PORT", summary: "witness: default 127.0.0.1:4710" },
    logs: { kind: "text", placeholder: "FILE", summary: "witness: keys of logs, one a line" },
    folder: { kind: "text", placeholder: "DIR", summary: "witness: its key and memory" },
  },
  run: (call) => RUNS[(call.arguments[0] ?? "show") as (typeof ACTIONS)[number]](call),
};
export default command;

const RUNS: Readonly<Record<(typeof ACTIONS)[number], (call: Call) => Promise<Answer>>> = {
  async show(call) {
    const { showLog } = await import("../../index.ts");
    const { texts } = call;
    const options = { since: texts.get("since"), limit: texts.get("limit") };
    const outcome = await showLog(call.workplace, { ...readQuery(call), ...options });
    return answer(outcome, (shown) => renderStory(shown, call.colors));
  },
  async verify(call) {
    const { checkReceiptFile, verifyProjectLog } = await import("../../index.ts");
    const query = {
      ...readQuery(call),
      logKey: call.texts.get("log-key"),
      witnessKey: call.texts.get("witness-key"),
    };
    const file = call.texts.get("proof");
    return file === undefined
      ? answer(await verifyProjectLog(call.workplace, query), describeVerified)
      : answer(await checkReceiptFile(call.workplace, { ...query, file }), describeReceipt);
  },
  async prove(call) {
    const { proveEntry, shellPath } = await import("../../index.ts");
    const query = {
      ...{ ...readQuery(call), what: call.arguments[1], out: call.texts.get("out") },
      checker: call.texts.get("checker"),
    };
    const outcome = await proveEntry(call.workplace, query);
    return answer(outcome, (proof) => describeProof(proof, shellPath));
  },
  async witness(call) {
    const { serveLogWitness } = await import("../../index.ts");
    const { texts, workplace } = call;
    const query = {
      listen: texts.get("listen"),
      logs: texts.get("logs"),
      folder: texts.get("folder"),
    };
    const announce = (state: WitnessState) => workplace.progress.show(describeWitness(state));
    return answer(await serveLogWitness(workplace, query, announce), () => "the witness ended");
  },
};

function readQuery({ texts }: Call) {
  return { stack: texts.get("stack"), guardrails: texts.get("guardrails") };
}

function answer<T>(outcome: Outcome<T>, describe: (data: T) => string): Answer {
  return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
}

/** One line an entry; what is the same as in the line above is not said again. */
function describeVerified(log: VerifiedLog): string {
  const { entries, checkpoint, witnessed, ledger } = log;
  const witness = checkpoint?.witness;
  return [
    `${entries} entries are what they were when they were written: hashes, order, times, tiles${ledger ? ", the ledger's copy; its books add up" : ""}`,
    checkpoint === undefined
      ? "there is no checkpoint yet"
      : `checkpoint: ${checkpoint.size} entries, root ${checkpoint.root}, signed by ${checkpoint.origin}`,
    witness === undefined
      ? ""
      : `witness: ${witness.name} has seen ${witnessed ?? checkpoint?.size} entries, and signed at ${witness.at}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function describeReceipt({ story, index, size, origin, witnesses }: CheckedReceipt): string {
  return [
    `${story.at}: ${story.who} ${story.what}`,
    `entry ${index} of ${size} in ${origin}`,
    ...witnesses.map(({ name, at }) => `seen by ${name} at ${at}`),
  ].join("\n");
}

/** Without a file the receipt alone, so that it can be redirected into one. */
function describeProof(
  { receipt, story, file, checker, logKey, witnessKey }: Proof,
  quote: (path: string) => string,
): string {
  if (file === undefined) return receipt;
  const path = quote(file);
  const keys = `--log-key ${logKey} --witness-key ${witnessKey}`;
  return [
    `${file} proves: ${story.at}, ${story.who} ${story.what}`,
    "anybody can check it, anywhere:",
    `  npx supercargo log verify --proof ${path} ${keys}`,
    ...(checker === undefined
      ? []
      : ["or, with that program and Node alone:", `  node ${quote(checker)} ${path} ${keys}`]),
  ].join("\n");
}

function describeWitness({ url, key, folder }: WitnessState): string {
  return [
    `the witness answers at ${url}, with its memory in ${folder}; Ctrl-C ends it. For guardrails.yaml:`,
    "witness:",
    `  url: ${url}`,
    `  key: ${key}`,
  ].join("\n");
}
