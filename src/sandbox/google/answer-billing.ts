import { textAt } from "../../util/json-access.ts";
import type { SandboxContext } from "../context.ts";
import { type GoogleProject, googleProjects } from "./google-records.ts";
import type { ServiceAccount } from "./open-service-account.ts";
import { refuseGoogle } from "./refuse-google.ts";

/** Projects that may be linked to the billing account; how many Google lets a new one have, nobody is told. */
const LINKS_MAX = 10;

/** Cloud Billing v1: `projects.getBillingInfo` and `projects.updateBillingInfo`. */
export function answerBilling(
  { store }: SandboxContext,
  { billingAccount }: ServiceAccount,
  {
    method,
    path,
    body,
  }: { readonly method: string; readonly path: string; readonly body: unknown },
): Response {
  const [, id = ""] = /\/v1\/projects\/([a-z0-9-]+)\/billingInfo$/.exec(path) ?? [];
  const projects = googleProjects(store);
  const project = projects.get(id);
  if (project?.state !== "ACTIVE") return refuseGoogle("PERMISSION_DENIED");
  if (method === "GET") return describeLink(project);
  if (method !== "PUT") return refuseGoogle("NOT_FOUND");
  if (textAt(body, ["billingAccountName"]) !== billingAccount)
    return refuseGoogle("PERMISSION_DENIED");
  const linked = projects.list().filter((one) => one.billingAccount === billingAccount);
  if (project.billingAccount !== billingAccount && linked.length >= LINKS_MAX)
    return refuseGoogle("FAILED_PRECONDITION");
  const next = { ...project, billingAccount };
  projects.put(id, next);
  return describeLink(next);
}

function describeLink({ projectId, billingAccount }: GoogleProject): Response {
  return Response.json({
    name: `projects/${projectId}/billingInfo`,
    projectId,
    billingAccountName: billingAccount,
    billingEnabled: billingAccount !== "",
  });
}
