import type { SecretNode } from "../../../compiler/2-model/model.ts";
import type { LowerNode } from "./lowering.ts";

/** Random bytes that the broker makes; the apps that bind it see them as text. */
export const lowerSecret: LowerNode<SecretNode> = (_context, { name, bytes }) => ({
  resources: [{ name, origin: name, type: "supercargo_secret", args: { bytes } }],
});
