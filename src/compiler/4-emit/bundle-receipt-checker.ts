import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../log/verify");
const BANNER =
  "// Checks a receipt of a Supercargo log: node THIS-FILE RECEIPT --log-key KEY --witness-key KEY [--quorum N]";

/**
 * `src/log/verify/check-receipt.ts` with all it loads as one file of plain JavaScript (CommonJS, Node 20 or newer), which somebody who has nothing of ours can read
 * and run. Not minified, the same bytes everywhere.
 */
export async function bundleReceiptChecker(): Promise<Uint8Array> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: FOLDER,
    entryPoints: ["./check-receipt.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    charset: "utf8",
    banner: { js: BANNER },
    tsconfigRaw: {},
    logLevel: "silent",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
