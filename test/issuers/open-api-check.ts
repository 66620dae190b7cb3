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

/** Holds requests and answers against an OpenAPI 3 document; answers with what differs. Only what the document describes is held: other paths are strays. */
export function createOpenApiCheck(document: OpenApi, base: string) {
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
  const find = (method: string, path: string): Operation | undefined => {
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
    return templates[0]?.[1][method.toLowerCase()];
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
      const operation = find(method, path);
      if (operation === undefined) return [`no such operation: ${method} ${path}`];
      return hold(`${method} ${path}`, operation.requestBody?.content, body);
    },
    answer(method: string, path: string, status: number, body: unknown): readonly string[] {
      const content = find(method, path)?.responses[status]?.content;
      return hold(`${status} to ${method} ${path}`, content, body);
    },
  };
}
