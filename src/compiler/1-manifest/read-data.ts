import type { z } from "zod";
import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import { createLineMap } from "../../diagnostics/line-map.ts";
import { composeYaml, type Place } from "./compose-yaml.ts";
import { type PlainData, toPlainData } from "./plain-data.ts";
import { reportIssues } from "./report-issues.ts";
import { fileLocation, readSourceText, type SourceFile } from "./source-text.ts";
import { createLocator, type Locator } from "./spans.ts";

/** A file that fits its schema. */
export interface ReadData<T> {
  /** What the schema makes of it. */
  readonly value: T;
  /** What the file says. */
  readonly raw: PlainData;
  readonly locator: Locator;
}

/** Bytes to checked data: text, YAML, plain data, schema. Undefined, with errors reported, when the file does not fit. Never throws. */
export function readData<Schema extends z.ZodType>(
  source: SourceFile,
  schema: Schema,
  sink: BoundedSink,
): ReadData<z.output<Schema>> | undefined {
  const text = readSourceText(source, sink);
  if (text === undefined) return undefined;
  const lines = createLineMap(text);
  const at: Place = (start, end) => ({
    file: source.path,
    path: "",
    range: lines.range(start, end),
  });
  const document = composeYaml(text, at, sink);
  if (document === undefined) return undefined;
  const { data, span } = toPlainData(document, at, sink);
  if (data === null && sink.errors === 0)
    sink.report(
      createDiagnostic("SC1015", { line: "apiVersion: supercargo/v1" }, fileLocation(source.path)),
    );
  if (sink.errors > 0) return undefined;
  const locator = createLocator(source.path, lines, span);
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, raw: data, locator };
  reportIssues(result.error.issues, { schema, data, locator }, sink);
  return undefined;
}
