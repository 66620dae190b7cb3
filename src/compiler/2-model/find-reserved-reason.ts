/** Names of variables that an app cannot have for itself, and what they are there for. The same on every provider, so that a manifest can move. */
const RESERVED: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^(?:PORT|HOST)$/, "tells the app where to listen"],
  [/^SUPERCARGO_/, "is one of Supercargo's own"],
  [/^NODE_(?!ENV$)/, "changes how Node runs the app"],
  [/^(?:PATH$|LD_|DYLD_)/, "changes what the system loads for the app"],
];

/** Why an app's variable cannot bear this name; undefined when it can. */
export function findReservedReason(variable: string): string | undefined {
  return RESERVED.find(([names]) => names.test(variable))?.[1];
}
