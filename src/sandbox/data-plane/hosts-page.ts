import type { PlanePlan } from "./plan.ts";

/** The page for a host at which nothing is deployed: which hosts there are, as links that work on this machine. */
export function renderHostsPage(plan: PlanePlan, host: string, port: number): string {
  const hosts = [
    ...plan.hosts.map((entry) => entry.host),
    ...plan.routes.map((route) => route.pattern),
  ];
  const items = hosts.map((entry) => `<li>${renderEntry(entry, port)}</li>`).join("\n");
  const list =
    hosts.length === 0
      ? "<p>Nothing is deployed yet.</p>"
      : `<p>Deployed here:</p>\n<ul>\n${items}\n</ul>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>No app at this address</title>
<h1>No app at ${escapeHtml(host)}</h1>
${list}
<p>The sandbox serves a deployed host at the same name with <code>.localhost:${port}</code> behind it.</p>
</html>
`;
}

function renderEntry(entry: string, port: number): string {
  if (entry.startsWith("*")) return `<code>${escapeHtml(entry)}</code>`;
  const [host = "", ...path] = entry.split("/");
  const url = `http://${host}.localhost:${port}/${path.join("/").replace(/\*$/, "")}`;
  return `<a href="${escapeHtml(url)}">${escapeHtml(entry)}</a>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
