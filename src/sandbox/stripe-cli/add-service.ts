import { textAt } from "../../util/json-access.ts";
import { sha256 } from "../../util/sha256.ts";
import { choosePrice } from "../providers/choose-price.ts";
import type { Parts } from "./answer-command.ts";
import type { CliQuestion } from "./cli-question.ts";
import type { ProjectRecord } from "./cli-records.ts";
import { check, type Reply, refuse, refusePreflight } from "./envelope.ts";
import { linkAccount, needsConsent } from "./link-account.ts";
import { ownPayment } from "./own-payment.ts";

const SERVER_ERROR = refuse("UNKNOWN_ERROR", "500 Internal Server Error");

/** `add <provider>/<service>`: links the provider, which makes the person's account where there is none, and has it make the resource. */
export async function addService(
  { side, services, issuerKey }: Parts,
  question: CliQuestion,
  project: ProjectRecord,
): Promise<Reply> {
  const { context, records, line } = side;
  const [, provider = "", id = ""] = /^([^/]+)\/(.+)$/.exec(question.argument) ?? [];
  const service = services.find((one) => one.provider === provider && one.id === id);
  const has = (flag: string) => question.flags.includes(flag);
  const configuration = readConfiguration(question.config);
  const rows = records.rows.list().filter((row) => row.project === project.id);
  const plans = rows.filter((row) => row.provider === provider && row.kind === "plan");
  const price =
    service && choosePrice(service, configuration, new Set(plans.map((row) => row.service)));
  const isAccepted = records.terms.get(project.person) !== undefined || has("accept-tos");
  const blocked = refusePreflight([
    check(`Service "${question.argument}" found`, service !== undefined, "RESOURCE_NOT_FOUND"),
    check(`Provider ToS (${provider})`, isAccepted, "TOS_ACCEPTANCE_REQUIRED"),
    check(
      `Provider linking can proceed (${provider})`,
      !needsConsent(side, project, provider),
      "BROWSER_AUTH_REQUIRED",
    ),
    check("A plan is active", price?.kind !== "plan-required", "PLAN_REQUIRED"),
    check(
      "Paid service confirmed",
      price?.kind !== "paid" || has("confirm-paid-service"),
      "PRICE_CONFIRMATION_REQUIRED",
    ),
    check("Confirmation can be satisfied", has("yes"), "JSON_REQUIRES_CONFIRMATION"),
  ]);
  if (blocked !== undefined || service === undefined) return blocked ?? SERVER_ERROR;
  if (has("preflight")) return { ok: true, data: { preflight: [], ready: true } };
  const name = question.name ?? id;
  // The quirk: what exists, added again, is a server error.
  if (rows.some((row) => row.name === name)) return SERVER_ERROR;

  const linked = await linkAccount(side, project, provider);
  if (linked.kind !== "linked")
    return linked.kind === "consent"
      ? refuse("BROWSER_AUTH_REQUIRED", "", { browser_url: linked.url })
      : SERVER_ERROR;
  const token = await ownPayment(side, project, provider, issuerKey);
  if (token === undefined) return SERVER_ERROR;
  const made = await line({
    ...{ provider, method: "POST", path: "/provisioning/resources" },
    accessToken: linked.accessToken,
    body: {
      service_id: id,
      configuration,
      orchestrator_resource_id: `cli_${sha256(`${project.id} ${name}`).slice(0, 40)}`,
      payment_credentials: { type: "stripe_payment_token", stripe_payment_token: token },
    },
  });
  if (made === undefined || made.status >= 500) return SERVER_ERROR;
  const remoteId = textAt(made.body, ["id"]);
  const status = textAt(made.body, ["status"]);
  if (made.status >= 300 || remoteId === undefined || status === "error")
    return refuse(textAt(made.body, ["error", "code"])?.toUpperCase() ?? "UNKNOWN_ERROR", "");
  context.store.transaction(() => {
    records.rows.put(`${project.id}/${name}`, {
      ...{ project: project.id, name, provider, service: id, kind: service.kind, remoteId },
    });
    records.terms.put(project.person, { isAccepted: true });
  });
  return { ok: true, data: { resource: { name, status } } };
}

function readConfiguration(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
