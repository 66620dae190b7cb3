/** The parameters of a form-encoded request: decoded names with their brackets, e.g. `usage_limits[currency]`. */
export interface FormParams {
  /** The value, or undefined when it was not sent. The last one counts when it was sent twice. */
  get(name: string): string | undefined;
  /** In the order in which they were sent. */
  readonly names: readonly string[];
  /** Members of a map parameter, e.g. `shared_metadata[order]` under `order`. */
  map(name: string): Readonly<Record<string, string>>;
  /** The first parameter whose name is not allowed; a name in `maps` allows what is below it. */
  findUnknown(names: readonly string[], maps: readonly string[]): string | undefined;
  /** The same for equal parameters in any order. */
  readonly canonical: string;
}

/** Reads an `application/x-www-form-urlencoded` body, as Stripe's v1 API takes it. */
export function readFormParams(body: string): FormParams {
  const values = new Map<string, string>(new URLSearchParams(body));
  return {
    get: (name) => values.get(name),
    names: [...values.keys()],
    map(name) {
      const members: [string, string][] = [];
      for (const [key, value] of values)
        if (key.startsWith(`${name}[`) && key.endsWith("]"))
          members.push([key.slice(name.length + 1, -1), value]);
      return Object.fromEntries(members);
    },
    findUnknown: (names, maps) =>
      [...values.keys()].find(
        (key) => !names.includes(key) && !maps.some((name) => key.startsWith(`${name}[`)),
      ),
    canonical: JSON.stringify([...values].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
