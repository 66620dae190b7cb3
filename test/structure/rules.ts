import type { ImportedModule } from "./source-files.ts";

/** One rule about who may import whom. */
export interface ImportRule {
  /** Names the rule in a failure. */
  readonly name: string;
  /** What a violator reads: why, and where to go instead. */
  readonly why: string;
  /** The files that the rule is about. */
  readonly applies: (path: string) => boolean;
  readonly allows: (imported: ImportedModule, path: string) => boolean;
}

const within =
  (...folders: readonly string[]) =>
  (path: string) =>
    folders.some((folder) => path === `src/${folder}` || path.startsWith(`src/${folder}/`));
const isOurs = (target: string) => target.startsWith("src/");
const isPackage = (name: string) => (target: string) =>
  target === name || target.startsWith(`${name}/`);

/** A package that only some folders may use. */
function keepPackage(name: string, folders: readonly string[], why: string): ImportRule {
  return {
    name: `${name} stays in ${folders.join(" and ")}`,
    why,
    applies: (path) => !within(...folders)(path),
    allows: ({ target }) => !isPackage(name)(target),
  };
}

/** The phases in order; a later one may know the earlier ones' types. */
const PHASES = ["1-manifest", "2-model", "3-policy", "4-emit"] as const;
const phaseOf = (path: string) =>
  PHASES.findIndex((phase) => path.startsWith(`src/compiler/${phase}/`));

/** `src/adapters/<family>/<name>` of a path in an adapter's folder. */
const adapterOf = (path: string) => /^src\/adapters\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0];
const familyOf = (path: string) => /^src\/adapters\/[^/]+/.exec(path)?.[0];

export const IMPORT_RULES: readonly ImportRule[] = [
  {
    name: "util stands alone",
    why: "util is few, pure and wordless about the domain: move what needs the domain to the folder that owns it.",
    applies: within("util"),
    allows: ({ target }) => !isOurs(target) || within("util")(target),
  },
  {
    name: "diagnostics know only util",
    why: "Every stage reports diagnostics, so they may depend on none of the stages: pass what a message needs as values.",
    applies: within("diagnostics"),
    allows: ({ target }) => !isOurs(target) || within("diagnostics", "util")(target),
  },
  {
    name: "permissions know util and the compiler's words",
    why: "The matrix is asked by compiler, broker, review and operations alike, so it knows none of them: pass what a rule asks for in the request.",
    applies: within("permissions"),
    allows: ({ target, typeOnly }) =>
      !isOurs(target) ||
      within("permissions", "util")(target) ||
      target === "src/compiler/vocabulary.ts" ||
      (typeOnly && (within("diagnostics")(target) || within("compiler/1-manifest")(target))),
  },
  {
    name: "a phase knows only earlier phases' types",
    why: "Phases are composed in compiler/compile.ts by handing results on: import types of earlier phases, and functions of none.",
    applies: (path) => phaseOf(path) >= 0,
    allows: ({ target, typeOnly }, path) => {
      const there = phaseOf(target);
      if (there < 0 || there === phaseOf(path)) return true;
      // The model's and the manifest's constant tables (kinds, attributes) are part of their types.
      return there < phaseOf(path) && (typeOnly || isVocabulary(target));
    },
  },
  {
    name: "policy and emitters do not know each other",
    why: "What may happen must not depend on how it is printed, nor the reverse: both work on the model and what vendors made of it.",
    applies: within("compiler/3-policy", "compiler/4-emit"),
    allows: ({ target }, path) => {
      const other = within("compiler/3-policy")(path) ? "compiler/4-emit" : "compiler/3-policy";
      return !within(other)(target);
    },
  },
  {
    name: "an adapter knows its family's contract, util and the model's types",
    why: "An adapter must be writable with its contract alone at hand: no compiler, no broker, no other adapter.",
    applies: (path) => adapterOf(path) !== undefined,
    allows: ({ target, typeOnly }, path) => {
      if (!isOurs(target) || within("util")(target)) return true;
      if (adapterOf(target) === adapterOf(path)) return true;
      if (isFamilyVocabulary(target, path)) return true;
      const isModelType = typeOnly || isVocabulary(target);
      return familyOf(path) === "src/adapters/vendors" && isModelType && isModel(target);
    },
  },
  {
    name: "migration knows vendors by their contract",
    why: "What a move means must hold for a vendor that is added tomorrow: pass the vendors in, and ask them.",
    applies: within("migration"),
    allows: ({ target, typeOnly }) =>
      !isOurs(target) ||
      within("migration", "util")(target) ||
      (typeOnly && (isModel(target) || /^src\/adapters\/vendors\/[^/]+\.ts$/.test(target))),
  },
  {
    name: "resources reach the broker through its client",
    why: "Generated stacks run inside the engine, which must hold no credential: they see one client and the protocol's types.",
    applies: within("resources"),
    allows: ({ target }) =>
      !isOurs(target) ||
      within("resources", "tfplugin", "util")(target) ||
      target === "src/broker/client.ts" ||
      target === "src/broker/protocol.ts",
  },
  {
    name: "OpenTofu's plugin protocol stands alone",
    why: "tfplugin carries values between an engine and a provider, whichever that is: what a provider does belongs to resources or to the stand-in.",
    applies: within("tfplugin"),
    allows: ({ target }) => !isOurs(target) || within("tfplugin", "util")(target),
  },
  {
    name: "only the broker loads adapters' clients",
    why: "A client acts with credentials; everything that spends goes through the broker's order of hold, log and dispatch.",
    applies: (path) => !within("broker")(path),
    allows: ({ target }, path) =>
      path === "src/adapters/issuers/clients.ts" ||
      !/^src\/adapters\/[^/]+\/([^/]+\/client|clients)\.ts$/.test(target) ||
      adapterOf(target) === adapterOf(path),
  },
  {
    name: "the skins know index.ts only",
    why: "cli and mcp are two thin skins over the same functions: put the function into src/operations and export it from src/index.ts.",
    applies: within("cli", "mcp"),
    allows: ({ target }, path) =>
      !isOurs(target) ||
      target === "src/index.ts" ||
      within(path.startsWith("src/cli/") ? "cli" : "mcp")(target),
  },
  {
    name: "nothing below knows the skins",
    why: "Functions must work without a command line: answer with a value and let the skin print it.",
    applies: (path) => !within("cli", "mcp")(path),
    allows: ({ target }) => !within("cli", "mcp")(target),
  },
  {
    name: "nothing below knows the operations",
    why: "operations wire the parts together for the skins; a part that needs another part gets it as an argument.",
    applies: (path) => !within("operations", "index.ts", "cli", "mcp")(path),
    allows: ({ target }) => !within("operations", "index.ts")(target),
  },
  {
    name: "the sandbox is a tool of its own",
    why: "The sandbox plays the outside world, so what it answers must not come from the code it is there to test.",
    applies: within("sandbox"),
    allows: ({ target }) =>
      !isOurs(target) || within("sandbox", "util", "catalog", "diagnostics")(target),
  },
  {
    name: "the runtime stands alone",
    why: "It is bundled into apps, which run without us: what an app needs comes from packages, and the compiler knows the room by its path alone.",
    applies: () => true,
    allows: ({ target }, path) =>
      within("runtime")(path)
        ? !isOurs(target) || within("runtime")(target)
        : !within("runtime")(target),
  },
  {
    name: "nothing but the bootstrap knows startup",
    why: "A bundle of the sources is a cache: the sources must not be able to tell whether they run from it.",
    applies: (path) => !within("startup")(path),
    allows: ({ target }) => !within("startup")(target),
  },
  {
    name: "what verifies the log shares nothing with what writes it",
    why: "A mistake in shared code would be made twice and seen by nobody: verification derives everything anew, from node's own modules alone.",
    applies: within("log/verify"),
    allows: ({ target }) => within("log/verify")(target) || target.startsWith("node:"),
  },
  {
    name: "what writes the log knows neither verification nor witness",
    why: "The log hands its checkpoints to whatever cosigns them; a writer that used the verifier's code would share its mistakes.",
    applies: within("log/append"),
    allows: ({ target }) => !within("log/verify", "log/witness")(target),
  },
  {
    name: "alerts know util and the log's event types",
    why: "Alerts are found from plain amounts and delivered from a plain outbox, so that every ledger can embed them: pass what is needed as values.",
    applies: within("alerts"),
    allows: ({ target, typeOnly }) =>
      !isOurs(target) ||
      within("alerts", "util")(target) ||
      (typeOnly && target === "src/log/event.ts"),
  },
  keepPackage(
    "ts-morph",
    ["compiler/4-emit"],
    "Loading ts-morph costs half a second: only the emitter needs it, lazily.",
  ),
  keepPackage(
    "@pulumi",
    ["resources", "deploy"],
    "The engine is reached in one place and generated stacks in another; nothing else may depend on it.",
  ),
  keepPackage(
    "@msgpack/msgpack",
    ["tfplugin"],
    "MessagePack is how OpenTofu's values travel; nothing else of ours uses it.",
  ),
  keepPackage(
    "esbuild",
    ["compiler/4-emit"],
    "Bundling an app is a part of emitting a stack; hand the bundle on instead.",
  ),
  keepPackage(
    "miniflare",
    ["sandbox"],
    "workerd serves deployed apps in the sandbox; everything else speaks HTTP to it.",
  ),
  keepPackage(
    "stripe",
    ["adapters/issuers"],
    "Payment partners live behind the issuer contract: add what is missing to the contract.",
  ),
  keepPackage(
    "@adyen/api-library",
    ["adapters/issuers"],
    "Payment partners live behind the issuer contract: add what is missing to the contract.",
  ),
  keepPackage(
    "braintree",
    ["adapters/issuers"],
    "Payment partners live behind the issuer contract: add what is missing to the contract.",
  ),
  keepPackage(
    "@paypal/paypal-server-sdk",
    ["adapters/issuers"],
    "Payment partners live behind the issuer contract: add what is missing to the contract.",
  ),
  {
    name: "scaffold stands alone",
    why: "It writes the registries, so it must run when they are wrong: node's own modules alone.",
    applies: within("scaffold"),
    allows: ({ target }) => within("scaffold")(target) || target.startsWith("node:"),
  },
  keepPackage(
    "aws4fetch",
    ["runtime", "adapters/orchestrators/aws-organizations"],
    "Only apps outside Cloudflare speak to object stores, and one orchestrator to AWS; whatever else needs a store gets a binding.",
  ),
  keepPackage(
    "croner",
    ["runtime"],
    "Schedules come due in an app's own process; the sandbox has its own clock.",
  ),
  keepPackage(
    "@hono/node-server",
    ["runtime"],
    "It carries an app on Node; our own servers are node:http.",
  ),
  keepPackage(
    "nodemailer",
    ["alerts/sinks"],
    "Mail is one sink of the alerts; whoever wants people told raises an alert.",
  ),
];

/** A file beside the contract of the same family, such as the names that all vendors share; the list of adapters is none. */
function isFamilyVocabulary(target: string, path: string): boolean {
  const family = familyOf(path) ?? "";
  return (
    target.startsWith(`${family}/`) &&
    adapterOf(target) === undefined &&
    !/\/(registry|clients)\.ts$/.test(target)
  );
}

function isModel(target: string): boolean {
  return (
    target.startsWith("src/compiler/2-model/") ||
    target === "src/compiler/vocabulary.ts" ||
    target === "src/diagnostics/diagnostic.ts"
  );
}

/** Tables of names that belong to the types; they hold no logic. */
function isVocabulary(target: string): boolean {
  return (
    target === "src/compiler/2-model/model.ts" ||
    target === "src/compiler/1-manifest/grammar.ts" ||
    target === "src/compiler/vocabulary.ts"
  );
}
