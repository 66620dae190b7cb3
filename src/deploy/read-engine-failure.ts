import {
  type EngineError,
  type EngineErrorCode,
  engineError,
  type RefusedRequest,
  type ResourceFailure,
} from "./engine-error.ts";

/** What a failed run left behind. */
export interface FailedRun {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly interrupted: boolean;
  readonly stderr: string;
  /** Error texts of the event stream, in order. */
  readonly errors: readonly { readonly urn: string | undefined; readonly text: string }[];
}

/** The engines' words for what concerns a run as a whole; the first that fits counts. Pulumi 3.255.0 and OpenTofu 1.12.6. */
const PATTERNS: readonly (readonly [RegExp, EngineErrorCode])[] = [
  [/the stack is currently locked by|Error acquiring the state lock/, "stack-locked"],
  [/incorrect passphrase|passphrase must be set|decryption failed/, "passphrase-wrong"],
  [/no stack named/, "stack-missing"],
  [/failed to load checkpoint|snapshot integrity|failed to deserialize/, "state-unreadable"],
  [
    /Failed to query available provider packages|Required plugins are not installed/,
    "plugin-missing",
  ],
  [/no (?:resource|language) plugin|automatically download and install/, "plugin-missing"],
  [/Cannot find (?:package|module) '/, "module-missing"],
  [/failed with an unhandled exception|has one or more unhandled/, "program-failed"],
];

/** Turns what the engine said into codes; the only place that reads its words. */
export function readEngineFailure(run: FailedRun): EngineError {
  const resources = run.errors.flatMap(({ urn, text }) =>
    urn === undefined ? [] : [readResourceFailure(urn, text)],
  );
  if (run.interrupted) return engineError("interrupted", { resources });
  const said = [run.stderr, ...run.errors.map((error) => error.text)].join("\n");
  const whole = PATTERNS.find(([pattern]) => pattern.test(said))?.[1];
  if (whole !== undefined) return engineError(whole, { ...lockDetail(whole, said), resources });
  const worst = resources.map((failure) => failure.code);
  if (worst.some((code) => !code.includes("-")))
    return engineError("resource-refused", { resources });
  if (worst.includes("request-refused")) return engineError("request-refused", { resources });
  if (worst.includes("provider-unreachable"))
    return engineError("provider-unreachable", { resources });
  return engineError(run.exitCode === null ? "engine-crashed" : "engine-failed", { resources });
}

function readResourceFailure(urn: string, text: string): ResourceFailure {
  const resource = urn.slice(urn.lastIndexOf("::") + 2);
  const ours = /supercargo: [a-z]+ of [a-z-]+ failed with code ([a-z][a-z_]{1,63})\b/.exec(text);
  const checked = /has a problem: ([a-z][a-z_]{1,63})(?::|$)/m.exec(text);
  const code = ours?.[1] ?? checked?.[1];
  if (code !== undefined) return { resource, urn, code };
  const request = readRefusedRequest(text);
  if (request === undefined) return { resource, urn, code: "engine-failed" };
  return {
    resource,
    urn,
    code: request.status === 0 ? "provider-unreachable" : "request-refused",
    request,
  };
}

/**
 * A request in the words of the stand-in plugin (`POST /path was answered with 409 (Cloudflare 10004)`, `... with no
 * connection`) or of the real one (`POST "https://host/path": 409 Conflict {"errors":[{"code":10004,...`).
 */
function readRefusedRequest(text: string): RefusedRequest | undefined {
  const standIn =
    /(GET|POST|PUT|PATCH|DELETE) (\/\S*) was answered with (?:(\d{3})(?: \(Cloudflare ([\d, ]+)\))?|no connection)/;
  const short = standIn.exec(text);
  if (short !== null) {
    const [, method = "", path = "", status = "0", codes = ""] = short;
    return { method, path, status: Number(status), codes: numbers(codes) };
  }
  const real = /(GET|POST|PUT|PATCH|DELETE) "https?:\/\/[^/"]+([^"?]*)[^"]*": (\d{3})?/.exec(text);
  if (real === null) return undefined;
  const [, method = "", path = "", status = "0"] = real;
  const codes = [...text.matchAll(/"code":\s*(\d{3,7})\b/g)].map((match) => match[1] ?? "");
  return { method, path, status: Number(status), codes: numbers(codes.join(",")) };
}

function numbers(text: string): number[] {
  return [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}

function lockDetail(code: EngineErrorCode, said: string): { detail?: string } {
  const pid = code === "stack-locked" ? /\(pid (\d+)\)/.exec(said)?.[1] : undefined;
  return pid === undefined ? {} : { detail: `process ${pid}` };
}
