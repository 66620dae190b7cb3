import type { DomainNode, Model } from "../../../compiler/2-model/model.ts";
import { createOverview } from "../create-overview.ts";
import { toCloudflareCron } from "./cron-weekdays.ts";
import type { Survey } from "./lowering.ts";
import { webRoutes } from "./web-routes.ts";

/** Looks once at the whole model for what single resources need to know of the others. */
export function createSurvey(model: Model): Survey {
  const domains = new Map<string, DomainNode>();
  const crons = new Map<string, { owner: string; schedules: string[] }>();
  for (const node of model.resources) {
    if (node.kind === "domain") domains.set(node.domain, node);
    if (node.kind !== "cron") continue;
    const cron = crons.get(node.app) ?? { owner: node.name, schedules: [] };
    const schedule = toCloudflareCron(node.schedule);
    if (!cron.schedules.includes(schedule)) cron.schedules.push(schedule);
    crons.set(node.app, cron);
  }
  const routedHosts = new Set<string>();
  const survey: Survey = { ...createOverview(model), domains, crons, routedHosts };
  for (const node of model.resources) {
    if (node.kind !== "app" && node.kind !== "site") continue;
    for (const route of webRoutes(survey, node)) {
      if (route.kind === "route") routedHosts.add(route.hostname);
    }
  }
  return survey;
}
