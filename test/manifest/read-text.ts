import type { Guardrails } from "../../src/compiler/1-manifest/guardrails.ts";
import { readGuardrails } from "../../src/compiler/1-manifest/read-guardrails.ts";
import { type Manifest, readManifest } from "../../src/compiler/1-manifest/read-manifest.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";

/** The first lines of every manifest, with what is required. */
export const HEAD = `apiVersion: supercargo/v1
name: shop
principal: { email: founder@example.com }
agent: { id: build-bot }
provider: cloudflare
`;

/** What reading gives, with all findings. */
export interface Reading<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly codes: readonly string[];
}

function collect<T>(
  read: (sink: { report(diagnostic: Diagnostic): void }) => T | undefined,
): Reading<T> {
  const diagnostics: Diagnostic[] = [];
  const value = read({ report: (diagnostic) => void diagnostics.push(diagnostic) });
  return { value, diagnostics, codes: diagnostics.map(({ code }) => code) };
}

/** Reads a manifest's text or bytes. */
export function read(content: string | Uint8Array): Reading<Manifest> {
  const path = "supercargo.yaml";
  return collect((sink) =>
    readManifest(
      typeof content === "string" ? { path, text: content } : { path, bytes: content },
      sink,
    ),
  );
}

/** Reads guardrails, or their defaults. */
export function readRules(text: string | undefined): Reading<Guardrails> {
  return collect((sink) =>
    readGuardrails(text === undefined ? undefined : { path: "guardrails.yaml", text }, sink),
  );
}
