import { z } from "zod";

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
interface Operation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: object }>>;

/**
 * Holds requests and answers against an OpenAPI 3 document; answers with what differs. A path or a status that the document does not describe is a stray, but
 * for those of `undeclared`: `404 to GET /cards/{id}` -> why it comes all the same.
 */
export function createOpenApiCheck(
  document: OpenApi,
  base: string,
  undeclared: Readonly<Record<string, string>> = {},
) {
  const idle = new Set(Object.keys(undeclared));
  const schemas = new Map<object, z.ZodType>();
  const compile = (schema: object): z.ZodType => {
    const known = schemas.get(schema);
    if (known !== undefined) return known;
    const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
    const moved = JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")) as object;
    const made = z.fromJSONSchema(moved as Parameters<typeof z.fromJSONSchema>[0]);
    schemas.set(schema, made);
    return made;
  };
  const find = (method: string, path: string) => {
    const wanted = path.slice(base.length).split("/");
    const templates = Object.entries(document.paths).filter(([template]) => {
      const parts = template.split("/");
      return (
        parts.length === wanted.length &&
        parts.every((part, index) => part.startsWith("{") || part === wanted[index])
      );
    });
    // `/paymentInstruments/reveal` comes before `/paymentInstruments/{id}`.
    templates.sort(([a], [b]) => a.split("{").length - b.split("{").length);
    const [template, operations] = templates[0] ?? [];
    const operation = operations?.[method.toLowerCase()];
    return operation && { template, operation };
  };
  const hold = (where: string, content: Content | undefined, value: unknown): readonly string[] => {
    const schema = content?.["application/json"]?.schema;
    if (schema === undefined) return [];
    const read = compile(schema).safeParse(value);
    return read.success
      ? []
      : read.error.issues.map(({ path, message }) => `${where} ${path.join(".")}: ${message}`);
  };
  return {
    request(method: string, path: string, body: unknown): readonly string[] {
      const found = find(method, path);
      if (found === undefined) return [`no such operation: ${method} ${path}`];
      return hold(`${method} ${path}`, found.operation.requestBody?.content, body);
    },
    answer(method: string, path: string, status: number, body: unknown): readonly string[] {
      const found = find(method, path);
      if (found === undefined) return [`no such operation: ${method} ${path}`];
      const { responses } = found.operation;
      const declared = responses[status] ?? responses.default;
      if (declared !== undefined)
        return hold(`${status} to ${method} ${path}`, declared.content, body);
      const where = `${status} to ${method} ${found.template}`;
      idle.delete(where);
      return Object.hasOwn(undeclared, where) ? [] : [`no such answer: ${where}`];
    },
    /** What stands in `undeclared` and never came. */
    listIdle: (): readonly string[] => [...idle],
  };
}
