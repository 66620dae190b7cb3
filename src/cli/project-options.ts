import type { EngineId } from "../index.ts";
import type { ArgumentSpec, Call, OptionSpec } from "./command.ts";

/** The argument of commands that work on a project. */
export const PROJECT_ARGUMENT: ArgumentSpec = {
  name: "manifest",
  summary: "manifest or its folder, default: supercargo.yaml here or above",
};

/** Options of commands that work on a project. */
export const PROJECT_OPTIONS = {
  stack: {
    kind: "text",
    placeholder: "NAME",
    summary: "stack of the manifest, default local (the sandbox)",
  },
  guardrails: {
    kind: "text",
    placeholder: "FILE",
    summary: "default: guardrails.yaml beside the manifest",
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

const ENGINES: readonly EngineId[] = ["pulumi", "opentofu", "crossplane"];

/** For commands that print or apply a stack: what applies it. */
export const ENGINE_OPTION = {
  engine: {
    kind: "text",
    placeholder: "NAME",
    summary: `${ENGINES.join(", ")}; default: the manifest's \`engine\``,
    choices: ENGINES,
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** For commands that plan: who acts. */
export const PERSON_OPTION = {
  person: { kind: "flag", summary: "a person acts, who may also remove; default: the agent" },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** What the user said about the project. */
export function readProjectQuery(call: Call): {
  readonly path: string | undefined;
  readonly stack: string | undefined;
  readonly guardrails: string | undefined;
  readonly engine: EngineId | undefined;
  readonly person: boolean;
} {
  return {
    path: call.arguments[0],
    stack: call.texts.get("stack"),
    guardrails: call.texts.get("guardrails"),
    engine: readEngine(call),
    person: call.flags.has("person"),
  };
}

/** The engine that the user named. */
export function readEngine(call: Call): EngineId | undefined {
  return ENGINES.find((id) => id === call.texts.get("engine"));
}
