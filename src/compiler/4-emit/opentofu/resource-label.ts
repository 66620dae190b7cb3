/**
 * The label of a lowered resource in its address, `supercargo_account.cloudflare_account`. No name holds an underscore, so `_` stands for
 * the dot and the way back is open; what does not begin with a letter gets an underscore in front, which no name begins with.
 */
export function labelOf(name: string): string {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new Error(`no label for ${name}`);
  const label = name.replaceAll(".", "_");
  return /^[a-z]/.test(label) ? label : `_${label}`;
}

/** The lowered resource's name behind a label that {@link labelOf} made. */
export function nameOfLabel(label: string): string {
  return label.replace(/^_/, "").replaceAll("_", ".");
}
