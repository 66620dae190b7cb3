import { isDeepStrictEqual } from "node:util";
import { PLUGIN_SOURCES, type PreviewedPackage } from "../engine.ts";
import { checkArguments, readArgumentTypes } from "./read-argument-types.ts";
import type { Operations, StandIn } from "./stand-in.ts";

/**
 * Plays the plugin of a package in previews, for any type of it: it knows from the package's own declarations what an argument is, and nothing of the cloud behind
 * it. It sends nothing anywhere, so it refuses to create, change or remove anything.
 */
export function createPreviewingStandIn(name: PreviewedPackage, version: string): StandIn {
  const server = PLUGIN_SOURCES[name];
  const install = `pulumi plugin install resource ${name} v${version}${server === undefined ? "" : ` --server ${server}`}`;
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
      const changed = names.filter((one) => !isDeepStrictEqual(olds[one], news[one])).sort();
      // Which of them replace a resource only the real plugin knows.
      return { changed, replaces: [] };
    },
    configure: () => operations,
    needs: "the provider needs its configuration",
  };
}
