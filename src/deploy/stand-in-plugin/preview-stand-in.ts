import { isDeepStrictEqual } from "node:util";
import { checkArguments, readArgumentTypes } from "./read-argument-types.ts";
import type { Operations, StandIn } from "./stand-in.ts";

/**
 * Plays a package's plugin in previews, for any type of the package: it knows from the package's own declarations what an argument is, and nothing of the vendor. It
 * sends nothing anywhere, so it refuses to create, change or remove anything, with the command that installs the real plugin.
 */
export function createPreviewStandIn({
  name,
  version,
  install,
}: Pick<StandIn, "name" | "version"> & { readonly install: string }): StandIn {
  const refuse = (type: string): never => {
    throw new Error(`${type} needs the real plugin: run \`${install}\``);
  };
  const operations: Operations = {
    create: async (type) => refuse(type),
    read: async (type) => refuse(type),
    update: async (type) => refuse(type),
    remove: async (type) => refuse(type),
  };
  return {
    name,
    version,
    check: (type, inputs) => checkArguments(readArgumentTypes(type), inputs),
    diff(_type, olds, news) {
      const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
      const changed = names.filter((key) => !isDeepStrictEqual(olds[key], news[key])).sort();
      // Which of them replace a resource only the real plugin knows.
      return { changed, replaces: [] };
    },
    configure: () => operations,
    needs: "the provider needs its configuration",
  };
}
