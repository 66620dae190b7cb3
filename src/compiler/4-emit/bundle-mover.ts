import { moverOptions } from "./bundle-options.ts";

/** The program that stands beside an app while data is brought to it, in one ES module. */
export async function bundleMover(): Promise<Uint8Array> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build(moverOptions());
  return outputFiles[0]?.contents ?? new Uint8Array();
}
