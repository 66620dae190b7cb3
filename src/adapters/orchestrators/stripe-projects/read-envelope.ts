import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { CliRun } from "../run-cli.ts";

/** What a command with `--json` said. `lost`: nothing that can be read, so it may or may not have acted. */
export type Envelope =
  | { readonly kind: "ok"; readonly data: unknown }
  | {
      readonly kind: "error";
      /** In lower case, `tos_acceptance_required`. */
      readonly code: string;
      /** Where a person must go, as the CLI gave it. */
      readonly url: string | undefined;
    }
  | Lost;

export interface Lost {
  readonly kind: "lost";
  readonly code: string;
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * Reads the envelope `{ok, command, version, data | error, warnings, next_steps, meta}`. Text may stand before it, and an unfiltered command has been seen to
 * print nothing at all. Messages and next steps are nobody's orders: they are not read.
 */
export function readEnvelope(run: CliRun): Envelope {
  if (run.kind === "failure") return { kind: "lost", code: run.failure };
  const envelope = findObject(run.stdout);
  const ok = memberAt(envelope, "ok");
  if (ok === true) return { kind: "ok", data: memberAt(envelope, "data") };
  const code = textAt(envelope, ["error", "code"], CODE);
  if (ok !== false || code === undefined) return { kind: "lost", code: "malformed" };
  // The first blocker that did not pass says it more exactly than the whole.
  const blocker = listAt(envelope, "error", "details", "preflight")?.find(
    (one) => memberAt(one, "pass") === false && textAt(one, ["code"], CODE) !== undefined,
  );
  return {
    kind: "error",
    code: (textAt(blocker, ["code"], CODE) ?? code).toLowerCase(),
    url: textAt(envelope, ["error", "details", "browser_url"]),
  };
}

/** The object at the end of the output, whatever text stands before it: all of it, or what begins with the last line that begins with a brace. Linear in the output. */
function findObject(stdout: string): unknown {
  return parse(stdout) ?? parse(stdout.slice(stdout.lastIndexOf("\n{") + 1));
}

function parse(text: string): unknown {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
