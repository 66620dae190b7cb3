/** The npm package of a plugin's SDK: Pulumi's own, but for those that others keep. */
export function npmPackage(plugin: string): string {
  return plugin === "vercel" ? "@pulumiverse/vercel" : `@pulumi/${plugin}`;
}
