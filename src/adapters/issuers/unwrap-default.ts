/** The default export of a CommonJS package, which loaders hand on with or without its wrapping. */
export function unwrapDefault<T extends object>(exported: T | { readonly default: T }): T {
  return "default" in exported ? exported.default : exported;
}
