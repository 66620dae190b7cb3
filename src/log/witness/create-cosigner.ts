import type { Cosign, CosignRequest } from "../append/sealed-log.ts";
import { checkSignature, parseNote, parseVerifierKey } from "../verify/signed-note.ts";
import type { WitnessLink } from "./ask-witness.ts";

/**
 * Why there is no cosignature: `unreachable` no answer that can be read; `unknown_log` the witness does not know the log or its key; `ahead` it has seen more of the
 * log than there is; `forked` it has seen another history.
 */
export type WitnessRefusal = "unreachable" | "unknown_log" | "ahead" | "forked";

export class WitnessError extends Error {
  override readonly name = "WitnessError";
  readonly refusal: WitnessRefusal;
  constructor(refusal: WitnessRefusal) {
    super(`the witness: ${refusal}`);
    this.refusal = refusal;
  }
}

/** Asks one witness for its cosignature on each checkpoint; remembers what it has seen, so that one exchange is the rule. Throws {@link WitnessError}. */
export function createCosigner(connect: () => Promise<WitnessLink>): Cosign {
  let known = 0;
  return async (request) => {
    const link = await connect();
    for (let attempt = 0; attempt < 3; attempt++) {
      const oldSize = Math.min(known, request.size);
      const reply = await link.addCheckpoint(formatRequest(request, oldSize));
      if (reply?.status === 409) {
        const [, size] = /^(0|[1-9]\d{0,14})\n$/.exec(reply.body) ?? [];
        // Without a size it is another root for the same one.
        if (size === undefined || Number(size) === oldSize) throw new WitnessError("forked");
        if (Number(size) > request.size) throw new WitnessError("ahead");
        known = Number(size);
        continue;
      }
      if (reply?.status === 422) throw new WitnessError("forked");
      if (reply?.status === 403 || reply?.status === 404) throw new WitnessError("unknown_log");
      const lines = reply?.status === 200 ? takeCosignatures(request, reply.body, link) : [];
      if (lines.length === 0) throw new WitnessError("unreachable");
      known = request.size;
      return lines;
    }
    throw new WitnessError("unreachable");
  };
}

function formatRequest(request: CosignRequest, oldSize: number): string {
  const proof = request.proveFrom(oldSize).map((hash) => Buffer.from(hash).toString("base64"));
  return [`old ${oldSize}`, ...proof, "", request.checkpoint].join("\n");
}

/** The lines of an answer that the witness's key stands for; others are left out, as the specification asks. */
function takeCosignatures(
  { checkpoint }: CosignRequest,
  body: string,
  { verifierKey }: WitnessLink,
): readonly string[] {
  const key = parseVerifierKey(verifierKey);
  if (key?.kind !== "witness") return [];
  return body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `${line}\n`)
    .filter((line) => {
      const note = parseNote(checkpoint + line);
      return note !== undefined && checkSignature(note, key).kind === "good";
    });
}
