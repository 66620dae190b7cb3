import { isIPv4, isIPv6 } from "node:net";
import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import { toHostname } from "../../util/domain-name.ts";
import type { Locator } from "../1-manifest/spans.ts";
import { findReservedReason } from "./find-reserved-reason.ts";
import type { AppNode, DnsNode, ResourceNode } from "./model.ts";

/** Checks what concerns several keys of one resource. */
export function checkNode(node: ResourceNode, locator: Locator, sink: BoundedSink): void {
  if (node.kind === "app") checkVariables(node, locator, sink);
  if (node.kind === "dns") checkRecord(node, locator, sink);
}

function checkVariables({ name, bind, env }: AppNode, locator: Locator, sink: BoundedSink): void {
  const bound = new Set(bind.map(({ variable }) => variable));
  for (const { variable } of env)
    if (bound.has(variable))
      sink.fail(() =>
        createDiagnostic("SC3021", { variable }, locator.key(["resources", name, "env", variable])),
      );
  for (const [section, variables] of Object.entries({ bind, env }))
    for (const { variable } of variables) {
      const reason = findReservedReason(variable);
      if (reason === undefined) continue;
      const at = locator.key(["resources", name, section, variable]);
      sink.fail(() =>
        createDiagnostic("SC3033", { variable, reason, other: `APP_${variable}` }, at),
      );
    }
}

interface RecordRule {
  readonly test: (content: string) => boolean;
  readonly expected: string;
}
const isHost = (content: string): boolean => toHostname(content.replace(/\.$/, "")) !== undefined;
const RECORD_RULES: Readonly<Record<DnsNode["type"], RecordRule>> = {
  A: { test: isIPv4, expected: "an IPv4 address such as 192.0.2.1" },
  AAAA: {
    test: (content) => isIPv6(content) && !content.includes("%"),
    expected: "an IPv6 address such as 2001:db8::1",
  },
  CNAME: { test: isHost, expected: "a host name such as www.example.com" },
  MX: { test: isHost, expected: "the host name of a mail server such as mail.example.com" },
  TXT: { test: (content) => !content.includes("\n"), expected: "text on one line" },
};

function checkRecord(node: DnsNode, locator: Locator, sink: BoundedSink): void {
  const { name, type, content, priority } = node;
  const path = ["resources", name];
  const [only] = content;
  const { test, expected } = RECORD_RULES[type];
  if (content.length === 1 && typeof only === "string" && !test(only))
    sink.fail(() =>
      createDiagnostic(
        "SC3025",
        { content: only, type, expected },
        locator.value([...path, "content"]),
      ),
    );
  if ((type === "MX") === (priority !== undefined)) return;
  const [rule, advice] =
    type === "MX" ? ["needs a", "add a priority such as 10"] : ["has no", "delete the key"];
  const at = locator.key(type === "MX" ? path : [...path, "priority"]);
  sink.fail(() => createDiagnostic("SC3026", { type, rule, advice }, at));
}
