// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the references of a manifest look like those of a template
import { describe, expect, test } from "vitest";
import { parseText } from "../../src/compiler/2-model/parse-text.ts";
import { buildResources } from "./model-input.ts";

const reference = (resource: string, attribute: string) => ({
  kind: "reference",
  resource,
  attribute,
});

describe("parseText", () => {
  test.each([
    ["", [""]],
    ["plain $5 {x}", ["plain $5 {x}"]],
    ["${a.id}", [reference("a", "id")]],
    ["x${a.id}y${b-1.name}", ["x", reference("a", "id"), "y", reference("b-1", "name")]],
    ["${a.id}${a.id}", [reference("a", "id"), reference("a", "id")]],
    ["$${a.id}", ["${a.id}"]],
    ["$$${a.id}", ["$${a.id}"]],
    ["$${HOME}/${a.id}", ["${HOME}/", reference("a", "id")]],
  ])("reads %j", (source, text) => {
    expect(parseText(source)).toEqual({ ok: true, text });
  });

  test.each([
    ["${", "${"],
    ["${a", "${a"],
    ["${a}", "${a}"],
    ["x ${A.id} y", "${A.id}"],
    ["${a.b.c}", "${a.b.c}"],
    ["${ a.id }", "${ a.id }"],
    ["${a.id", "${a.id"],
    ["${a${b.id}}", "${a"],
    ["${}", "${}"],
  ])("refuses %j because of %j", (source, piece) => {
    expect(parseText(source)).toEqual({ ok: false, piece });
  });
});

describe("references", () => {
  const DOMAIN = "address: { kind: domain, domain: example.com, maxPrice: 12 USD }";

  test("are resolved in env, routes and content, and make the resource depend on theirs", () => {
    const { model, codes } = buildResources(
      `shop:
  kind: app
  source: ./app
  env: { SITE: "https://\${address.domain}/", DB: "\${orders.id}" }
  routes: ["www.\${address.domain}/*"]
orders: { kind: database }
www: { kind: dns, zone: address, name: www, type: CNAME, content: "\${shop.hostname}" }
${DOMAIN}`,
    );
    expect(codes).toEqual([]);
    expect(model?.resources.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ["shop", ["address", "orders"]],
      ["orders", []],
      ["www", ["address", "shop"]],
      ["address", []],
    ]);
    expect(model?.resources[0]).toMatchObject({
      env: [
        { variable: "SITE", value: ["https://", reference("address", "domain"), "/"] },
        { variable: "DB", value: [reference("orders", "id")] },
      ],
      routes: [{ pattern: ["www.", reference("address", "domain"), "/*"] }],
    });
  });

  test("a route on a declared domain depends on it, also when it names the host itself", () => {
    const { model, codes } = buildResources(
      `${DOMAIN}\nshop: { kind: app, source: ./app, routes: [a.b.example.com/*] }`,
    );
    expect(codes).toEqual([]);
    expect(model?.resources[1]?.dependsOn).toEqual(["address"]);
  });

  test("a host that only ends like a declared domain belongs to another one", () => {
    const { codes } = buildResources(
      `${DOMAIN}\nshop: { kind: app, source: ./app, routes: [notexample.com/*] }`,
    );
    expect(codes).toEqual(["SC3019"]);
  });

  test("a route's host can be a domain's only", () => {
    const { codes } = buildResources(
      `db: { kind: database }\nshop: { kind: app, source: ./app, routes: ["\${db.id}/*"] }`,
    );
    expect(codes).toEqual(["SC3005"]);
  });

  test("to a queue that an app consumes count once", () => {
    const { model, codes } = buildResources(
      "jobs: { kind: queue }\nshop: { kind: app, source: ./app, consumes: [jobs, jobs] }",
    );
    expect(codes).toEqual([]);
    expect(model?.resources[1]).toMatchObject({ consumes: [{ resource: "jobs" }] });
  });

  test("point at the value in which they stand", () => {
    const { diagnostics } = buildResources(
      `shop:\n  kind: app\n  source: ./app\n  consumes: [shop]\n  bind: { X: nothing }`,
    );
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "SC3001 resources.shop.bind.X",
      "SC3005 resources.shop.consumes[0]",
    ]);
  });

  test("names that every object has are no resources", () => {
    const { codes } = buildResources(
      `shop: { kind: app, source: ./app, bind: { X: valueof, Y: tostring }, env: { Z: "\${hasownproperty.id}" } }`,
    );
    expect(codes).toEqual(["SC3001", "SC3001", "SC3001"]);
  });
});
