import { sha256 } from "../../../util/sha256.ts";
import type { Model } from "../../2-model/model.ts";
import { OWN_VERSION, pascalCase, STACK_GROUP } from "./crossplane-names.ts";
import type { YamlValue } from "./print-yaml.ts";

/** What the stack's kind says beside what Crossplane adds to every one. */
export interface StackFields {
  /** Apps whose code stands in the spec. */
  readonly artifacts: readonly string[];
  /** Outputs that the status tells, by resource. */
  readonly outputs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Manifest resources that have an address. */
  readonly urls: readonly string[];
}

/** A kind and its list's, which is longer by `List`, are labels of DNS. */
const KIND_LENGTH_MAX = 63 - "List".length;
/** How kinds end that are no project's words: those with a hash, and those of lists. */
const TAKEN = /(?:H[0-9a-f]{8}|List)$/;

/**
 * The kind of a project's stacks, `Storefront`. It is one project's alone: a name that cannot be read back from its words, such as `shop-2`, whose words are those of `shop2`,
 * gets a hash of the whole, and so does one that would end like a hash or a list, or that is too long.
 */
export function stackKind({ name }: Model): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion: `${STACK_GROUP}/${OWN_VERSION}`, kind: kindOf(name) };
}

function kindOf(name: string): string {
  const words = pascalCase(name.split("-"));
  const readBack = words.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const isOwn = readBack === name && words.length <= KIND_LENGTH_MAX && !TAKEN.test(words);
  const hash = `H${sha256(name).slice(0, 8)}`;
  return isOwn ? words : `${words.slice(0, KIND_LENGTH_MAX - hash.length)}${hash}`;
}

/** Its definition. Singular and plural are the project's name, so that no two projects share one; the kind is made so, too. */
export function stackDefinition(model: Model, fields: StackFields): YamlValue {
  const { kind } = stackKind(model);
  const { name } = model;
  const text = { type: "string" } as const;
  const texts = (names: readonly string[]): { readonly [key: string]: YamlValue } => ({
    type: "object",
    properties: Object.fromEntries(names.map((one) => [one, text])),
  });
  const { artifacts, outputs, urls } = fields;
  const told = [...outputs].map(([resource, names]) => [resource, texts([...names])] as const);
  return {
    apiVersion: "apiextensions.crossplane.io/v2",
    kind: "CompositeResourceDefinition",
    metadata: { name: `${name}.${STACK_GROUP}` },
    spec: {
      scope: "Namespaced",
      group: STACK_GROUP,
      names: { kind, listKind: `${kind}List`, plural: name, singular: name },
      versions: [
        {
          name: OWN_VERSION,
          served: true,
          referenceable: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: {
                  type: "object",
                  ...(artifacts.length > 0 && {
                    properties: { artifacts: { ...texts(artifacts), required: artifacts } },
                    required: ["artifacts"],
                  }),
                },
                status: {
                  type: "object",
                  properties: {
                    outputs: { type: "object", properties: Object.fromEntries(told) },
                    ...(urls.length > 0 && { urls: texts(urls) }),
                  },
                },
              },
            },
          },
        },
      ],
    },
  };
}
