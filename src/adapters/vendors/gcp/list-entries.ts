import type { AppNode, Model } from "../../../compiler/2-model/model.ts";
import type { Entry } from "./service-name.ts";

/** The functions of an app: one for visitors, one where it consumes queues and one where schedules call it. */
export function listEntries({ resources }: Model, { name, consumes }: AppNode): readonly Entry[] {
  const isScheduled = resources.some((node) => node.kind === "cron" && node.app === name);
  return [
    "app",
    ...(consumes.length > 0 ? (["queue"] as const) : []),
    ...(isScheduled ? (["scheduled"] as const) : []),
  ];
}
