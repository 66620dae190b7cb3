import type { PlaneAsset, PlaneAssets } from "./plan.ts";

/** What the static files have to say about a path. */
export type AssetAnswer =
  | { readonly kind: "file"; readonly asset: PlaneAsset; readonly status: 200 | 404 }
  | { readonly kind: "redirect"; readonly path: string }
  | { readonly kind: "none" };

/**
 * Finds the static file for a path, with HTML handling but without not-found handling.
 *
 * Source: Workers docs, "Static assets", HTML handling: `auto-trailing-slash` serves `/a.html` at `/a` and `/a/index.html` at `/a/`.
 */
export function findAsset(assets: PlaneAssets, path: string): AssetAnswer {
  const exact = assets.files[path];
  if (assets.htmlHandling === "none") return exact ? serve(exact) : { kind: "none" };
  if (exact !== undefined && !path.endsWith(".html")) return serve(exact);
  const page = path
    .replace(/\/index\.html$/, "/")
    .replace(/\.html$/, "")
    .replace(/\/index$/, "/");
  const base = page.endsWith("/") ? page.slice(0, -1) : page;
  const asFile = base === "" ? undefined : assets.files[`${base}.html`];
  const asIndex = assets.files[`${base}/index.html`];
  const chosen = chooseHtml(assets.htmlHandling, base, page, asFile, asIndex);
  if (chosen === undefined) return exact ? serve(exact) : { kind: "none" };
  return chosen.path === path ? serve(chosen.asset) : { kind: "redirect", path: chosen.path };
}

function serve(asset: PlaneAsset): AssetAnswer {
  return { kind: "file", asset, status: 200 };
}

/** The canonical path of a page and its file, by the trailing-slash rule in force. */
function chooseHtml(
  handling: PlaneAssets["htmlHandling"],
  base: string,
  page: string,
  asFile: PlaneAsset | undefined,
  asIndex: PlaneAsset | undefined,
): { readonly path: string; readonly asset: PlaneAsset } | undefined {
  const isSlashed = page.endsWith("/");
  const first = isSlashed ? (asIndex ?? asFile) : (asFile ?? asIndex);
  if (first === undefined) return undefined;
  if (base === "") return { path: "/", asset: first };
  if (handling === "force-trailing-slash") return { path: `${base}/`, asset: first };
  if (handling === "drop-trailing-slash") return { path: base, asset: first };
  return { path: first === asIndex ? `${base}/` : base, asset: first };
}

/** What is answered where no file fits: the app's index page, the nearest 404 page, or nothing. */
export function findFallback(assets: PlaneAssets, path: string): AssetAnswer {
  if (assets.notFoundHandling === "single-page-application") {
    const index = assets.files["/index.html"];
    return index ? serve(index) : { kind: "none" };
  }
  if (assets.notFoundHandling === "none") return { kind: "none" };
  for (let folder = path; folder !== ""; ) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    const page = assets.files[`${folder}/404.html`];
    if (page !== undefined) return { kind: "file", asset: page, status: 404 };
  }
  return { kind: "none" };
}

/** Whether the Worker goes before the static files for this path (`run_worker_first`). */
export function isWorkerFirst(assets: PlaneAssets, path: string): boolean {
  if (typeof assets.workerFirst === "boolean") return assets.workerFirst;
  const matches = (pattern: string) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
  const excepted = assets.workerFirst.some(
    (rule) => rule.startsWith("!") && matches(rule.slice(1)),
  );
  return !excepted && assets.workerFirst.some((rule) => matches(rule));
}
