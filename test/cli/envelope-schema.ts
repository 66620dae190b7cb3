import { z } from "zod";

const position = z.strictObject({ line: z.int().min(1), column: z.int().min(1) });

const diagnostic = z.strictObject({
  code: z.string().regex(/^SC\d{4}$/),
  severity: z.enum(["error", "warning", "info"]),
  message: z.string().min(1),
  remedy: z.string().min(1).optional(),
  file: z.string(),
  path: z.string(),
  range: z.strictObject({ start: position, end: position }),
});

const notes = {
  command: z.string(),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  diagnostics: z.array(diagnostic),
  warnings: z.array(z.string().min(1)),
  next_steps: z.array(z.string().min(1)),
};

/** The one object that `--json` prints. */
export const envelopeSchema = z.discriminatedUnion("ok", [
  z.strictObject({ ok: z.literal(true), data: z.record(z.string(), z.unknown()), ...notes }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({
      code: z.string().regex(/^[a-z][a-z0-9-]*$/),
      message: z.string().min(1),
      remedy: z.string().min(1).optional(),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
    ...notes,
  }),
]);

export type Envelope = z.output<typeof envelopeSchema>;

/** Reads what `--json` printed; throws when it is not exactly one envelope. */
export function readEnvelope(stdout: string): Envelope {
  return envelopeSchema.parse(JSON.parse(stdout));
}
