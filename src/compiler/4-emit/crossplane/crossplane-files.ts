/** Where the parts of a stack lie in the stack's folder, in the order in which a cluster needs them. */
export const CROSSPLANE_FILES = {
  /** Packages that serve the vendors' kinds. */
  providers: "crossplane/providers.yaml",
  /** Packages that the composition's pipeline calls. */
  functions: "crossplane/functions.yaml",
  /** Our own kinds: accounts, tokens, domains and so on. */
  leases: "crossplane/leases.yaml",
  /** The kind of the stack. */
  definition: "crossplane/definition.yaml",
  /** What a stack of that kind is composed of. */
  composition: "crossplane/composition.yaml",
  /** The stack itself, with the code of its apps. */
  stack: "crossplane/stack.yaml",
} as const;
