/** The host at which a provider's resource would answer; nobody has it outside the sandbox. */
export function resourceHost(provider: string, id: string): string {
  return `${id.replaceAll("_", "-")}.${provider.replaceAll(/[^a-z0-9]+/g, "-")}.test`;
}
