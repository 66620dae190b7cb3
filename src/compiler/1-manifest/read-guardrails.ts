import { type BoundedSink, boundSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import { deepFreeze } from "../../util/deep-freeze.ts";
import type { Money } from "../../util/money.ts";
import { readWebhookAddress } from "../../util/webhook-address.ts";
import { VERB_CLASSES, type Verb } from "../vocabulary.ts";
import { checkCapsData } from "./check-caps-data.ts";
import type { Guardrails, PermissionRule } from "./guardrails.ts";
import { type GuardrailsData, guardrailsSchema } from "./guardrails-schema.ts";
import { readData } from "./read-data.ts";
import { reportRepeats } from "./report-repeats.ts";
import { fileLocation, type SourceFile } from "./source-text.ts";
import type { DataPath, Locator } from "./spans.ts";

/**
 * Reads `guardrails.yaml`, or gives the strict defaults when there is no such file. What a file leaves out has its strict default too.
 * Undefined when it has errors. Never throws.
 */
export function readGuardrails(
  source: SourceFile | undefined,
  sink: DiagnosticSink,
): Guardrails | undefined {
  if (source === undefined)
    return complete(guardrailsSchema.parse({ apiVersion: "supercargo/v1" }), undefined);
  const bounded = boundSink(sink);
  const read = readData(source, guardrailsSchema, bounded);
  if (read !== undefined) {
    checkCurrencies(read.value, read.locator, bounded);
    checkCapsData(read.value.caps, read.locator, bounded);
    reportRepeats(read.value.alerts.thresholds, ["alerts", "thresholds"], read.locator, bounded);
    checkWebhooks(read.value.alerts, read.locator, bounded);
    reportRepeats(
      read.value.approvers.map(({ publicKey }) => publicKey),
      ["approvers"],
      read.locator,
      bounded,
    );
  }
  bounded.close(fileLocation(source.path));
  return read === undefined || bounded.errors > 0 ? undefined : complete(read.value, read.locator);
}

function complete(data: GuardrailsData, locator: Locator | undefined): Guardrails {
  const { categories, ...caps } = data.caps;
  const { thresholds, ...alerts } = data.alerts;
  const isLogAlone = alerts.webhooks.length === 0 && alerts.mail.length === 0;
  return deepFreeze({
    limits: {
      ...caps,
      categories,
      commitments: caps.commitments ?? { ...caps.total, minor: 12n * caps.total.minor },
      counts: data.counts,
      alerts: [...new Set([...thresholds, alerts.blockFrom])].sort((a, b) => a - b),
    },
    alerts: { ...alerts, logIsEnough: alerts.logIsEnough ?? isLogAlone },
    permissions:
      data.permissions?.map((rule, i) => ({
        ...rule,
        origin: locator?.value(["permissions", i]),
      })) ?? DEFAULT_PERMISSIONS,
    approvals: data.approvals,
    allowed: data.allowed,
    approvers: data.approvers,
    witness: data.witness,
  });
}

function verbsOf(...classes: readonly string[]): readonly Verb[] {
  return (Object.keys(VERB_CLASSES) as Verb[]).filter((verb) =>
    classes.includes(VERB_CLASSES[verb]),
  );
}

const DEFAULT_PERMISSIONS: readonly PermissionRule[] = [
  // A sub-agent has at most what its parent has; of that, what spends or makes tokens needs a rule of the file.
  { effect: "permit", subject: "sub-agent", verbs: verbsOf("R0", "R1"), kinds: ["*"] },
  ...["agent", "ci", "broker"].map(
    (subject): PermissionRule => ({
      effect: "permit",
      subject,
      verbs: verbsOf("R0", "R1", "R2"),
      kinds: ["*"],
    }),
  ),
  {
    effect: "permit",
    subject: "human",
    verbs: verbsOf("R0", "R1", "R2", "R3", "R4"),
    kinds: ["*"],
  },
];

/** What is posted to this machine leaves it only if somebody passes it on: that must be said. */
function checkWebhooks(
  { webhooks }: GuardrailsData["alerts"],
  locator: Locator,
  sink: BoundedSink,
): void {
  for (const [i, { url, allowLoopback }] of webhooks.entries())
    if (!allowLoopback && readWebhookAddress(url)?.isLoopback === true)
      sink.fail(() =>
        createDiagnostic("SC2052", { url }, locator.value(["alerts", "webhooks", i, "url"])),
      );
}

/** Caps are compared with one another, and nothing is converted. */
function checkCurrencies(
  { caps: { categories, windows, velocity: _, ...caps }, permissions = [] }: GuardrailsData,
  locator: Locator,
  sink: BoundedSink,
): void {
  const { currency } = caps.total;
  const check = (amount: Money | undefined, path: DataPath, cap = String(path.at(-1))): void => {
    if (amount !== undefined && amount.currency !== currency)
      sink.fail(() => {
        return createDiagnostic("SC2026", { cap, amount, currency }, locator.value(path));
      });
  };
  for (const [key, amount] of Object.entries(caps)) check(amount, ["caps", key]);
  for (const [key, amount] of Object.entries(categories))
    check(amount, ["caps", "categories", key]);
  for (const [i, { amount }] of windows.entries())
    check(amount, ["caps", "windows", i, "amount"], "windows");
  for (const [i, { when }] of permissions.entries())
    if (when?.maxAmount !== undefined)
      check(when.maxAmount, ["permissions", i, "when", "maxAmount"]);
}
