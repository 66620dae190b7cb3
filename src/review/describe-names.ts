import type { Model } from "../compiler/2-model/model.ts";
import { toUnicodeName } from "../util/domain-name.ts";
import { formatCodePoint, scriptOf } from "../util/domains/label-scripts.ts";
import { readAsAscii } from "../util/domains/look-alikes.ts";
import { placeOf } from "./describe-step.ts";
import type { ReviewName } from "./review.ts";

/** The domains whose names are not plain ASCII, in the order of the manifest; undefined when there are none. */
export function describeNames({ resources }: Model): readonly ReviewName[] | undefined {
  const names = resources.flatMap((node): readonly ReviewName[] => {
    if (node.kind !== "domain") return [];
    const { name: resource, domain, location } = node;
    const unicode = toUnicodeName(domain);
    if (unicode === domain) return [];
    const characters = [...unicode]
      .filter((character) => /[^\x20-\x7e]/.test(character))
      .map((character) => ({
        codePoint: formatCodePoint(character),
        script: scriptOf(character),
      }));
    const reading = readAsAscii(unicode);
    return [{ resource, domain, unicode, reading, characters, place: placeOf(location) }];
  });
  return names.length === 0 ? undefined : names;
}
