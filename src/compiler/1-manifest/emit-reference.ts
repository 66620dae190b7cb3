import {
  emitJsonSchema,
  type JsonSchema,
  SCHEMA_FILES,
  type SchemaFile,
} from "./emit-json-schema.ts";

/** The reference of both files as Markdown: one table per mapping, one section per resource kind. Made from the JSON Schema alone. */
export function emitReference(): string {
  return (Object.keys(SCHEMA_FILES) as SchemaFile[]).map(describeFile).join("\n");
}

function describeFile(file: SchemaFile): string {
  const schema = emitJsonSchema(file);
  const { resources, ...properties } = propertiesOf(schema);
  const kinds = asList(asSchema(resources?.additionalProperties).oneOf);
  const own = resources === undefined ? properties : { ...properties, resources };
  return [
    `## ${String(schema.title)}\n`,
    table(rowsOf({ ...schema, properties: own }, "")),
    ...kinds.map(
      (kind) =>
        `### kind: ${String(propertiesOf(kind).kind?.const)}\n\n${table(
          rowsOf(kind, "").filter(({ key }) => key !== "kind"),
        )}`,
    ),
  ].join("\n");
}

interface Row {
  readonly key: string;
  readonly form: string;
  readonly fallback: string;
  readonly meaning: string;
}

function rowsOf(schema: JsonSchema, prefix: string): readonly Row[] {
  const required = new Set(asTexts(schema.required));
  return Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
    const key = prefix + name;
    const items = asSchema(property.items);
    const values = asSchema(property.additionalProperties);
    const isGroup = property.properties !== undefined;
    const fallback =
      isGroup || property.default === undefined
        ? required.has(name)
          ? "required"
          : ""
        : `\`${JSON.stringify(property.default)}\``;
    const meaning = String(property.description ?? "");
    return [
      { key, form: formOf(property), fallback, meaning },
      ...rowsOf(property, `${key}.`),
      ...(items.properties === undefined ? [] : rowsOf(items, `${key}[].`)),
      ...(values.properties === undefined ? [] : rowsOf(values, `${key}.<name>.`)),
    ];
  });
}

function formOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((x) => `\`${x}\``).join(", ");
  if (Array.isArray(schema.anyOf)) return schema.anyOf.map(formOf).join(" or ");
  switch (schema.type) {
    case "integer":
      return `whole number, ${String(schema.minimum)} to ${String(schema.maximum)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `list: ${formOf(asSchema(schema.items))}`;
    case "object":
      return "mapping";
    case "string":
      return describeText(schema);
    default:
      return String(schema.type);
  }
}

function describeText({ examples }: JsonSchema): string {
  const shown = asTexts(examples).map((example) => `\`${example}\``);
  return shown.length === 0 ? "text" : `text such as ${shown.join(" or ")}`;
}

function table(rows: readonly Row[]): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const lines = rows.map(
    ({ key, form, fallback, meaning }) =>
      `| \`${key}\` | ${cell(form)} | ${cell(fallback)} | ${cell(meaning)} |`,
  );
  return ["| key | form | default | meaning |", "|---|---|---|---|", ...lines, ""].join("\n");
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return asSchema(schema.properties) as Readonly<Record<string, JsonSchema>>;
}

function asSchema(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? (value as JsonSchema) : {};
}

function asList(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? value : [];
}

function asTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
