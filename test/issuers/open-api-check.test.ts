import { describe, expect, it } from "vitest";
import { createOpenApiCheck } from "./open-api-check.ts";

const card = { type: "object", required: ["id"], properties: { id: { type: "string" } } };
const content = { "application/json": { schema: { $ref: "#/components/schemas/Card" } } };
const document = {
  paths: { "/cards/{id}": { get: { responses: { "200": { content } } } } },
  components: { schemas: { Card: card } },
};

describe("what differs from an OpenAPI document", () => {
  it.each([
    ["/v1/cards/1", 200, { id: "1" }, 0],
    ["/v1/cards/1", 200, { id: 1 }, 1],
    ["/v1/cards/1", 404, {}, 1],
    ["/v1/cards", 200, {}, 1],
    ["/v1/purses/1", 200, {}, 1],
  ])("%s answered with %i %j: %i", (path, status, body, strays) => {
    const check = createOpenApiCheck(document, "/v1");
    expect(check.answer("GET", path, status, body)).toHaveLength(strays);
  });

  it("is a status that the document leaves out, unless a reason allows it there", () => {
    const allowed = { "404 to GET /cards/{id}": "somebody forgot it" };
    const check = createOpenApiCheck(document, "/v1", allowed);
    expect(check.listIdle()).toEqual(Object.keys(allowed));
    expect(check.answer("GET", "/v1/cards/1", 404, {})).toEqual([]);
    expect(check.listIdle()).toEqual([]);
    expect(check.answer("GET", "/v1/cards/1", 403, {})).toHaveLength(1);
  });
});
