/** Path segments after which a name chosen by the user stands. */
const NAMED = new Set([
  "buckets",
  "scripts",
  "services",
  "domains",
  "registrations",
  "extensions",
  "values",
  "objects",
]);

/** Segments that are always words of the API, although they look like a name or an id. */
const WORDS = new Set(["v1", "v2", "v3", "v4", "d1", "r2"]);

function isIdLike(segment: string): boolean {
  if (WORDS.has(segment)) return false;
  return /\d/.test(segment) || segment.includes(".") || segment.length > 40;
}

/**
 * Turns a request's path into the pattern under which calls are counted: ids become `:id`, names chosen by users `:name`.
 * The provider's name after `/providers` stays.
 */
export function patternPath(path: string): string {
  const segments = path.split("/");
  return segments
    .map((segment, index) => {
      const before = segments[index - 1] ?? "";
      if (segment === "" || before === "providers") return segment;
      if (isIdLike(segment)) return NAMED.has(before) ? ":name" : ":id";
      return NAMED.has(before) ? ":name" : segment;
    })
    .join("/");
}
