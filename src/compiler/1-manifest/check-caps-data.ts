import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { CapsData } from "./caps-schema.ts";
import type { CapScope } from "./guardrails.ts";
import type { DataPath, Locator } from "./spans.ts";

/** How one of a scope is named, and in words; `total` has no parts. A name that no act can have would be a cap that never holds. */
const FORMS: Readonly<Record<CapScope, readonly [form: RegExp, words: string] | undefined>> = {
  total: undefined,
  project: [/^[a-z][a-z0-9-]{0,62}$/, "the name of a project, such as shop"],
  stack: [
    /^[a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62}$/,
    "project and stack with a slash between them, such as shop/prod",
  ],
  agent: [
    /^(?:human|agent|sub-agent|ci|broker):[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/,
    "a class and an id, such as agent:build-bot",
  ],
  provider: [/^[a-z0-9._-]{1,63}$/, "the id of a provider, such as cloudflare"],
  category: [
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    "the name of a category of the catalogue, such as domains",
  ],
};

/** Reports every `only` that nothing of its scope can be named. */
export function checkCapsData(caps: CapsData, locator: Locator, sink: BoundedSink): void {
  for (const key of ["windows", "velocity"] as const)
    for (const [i, { scope, only }] of caps[key].entries()) {
      const form = FORMS[scope];
      if (only === undefined || form?.[0].test(only)) continue;
      const path: DataPath = ["caps", key, i, "only"];
      sink.fail(() =>
        createDiagnostic("SC2055", { only, scope, form: form?.[1] }, locator.value(path)),
      );
    }
}
