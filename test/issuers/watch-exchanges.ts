import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { createOpenApiCheck } from "./open-api-check.ts";

const SHARED = process.env.SUPERCARGO_SHARED ?? join(import.meta.dirname, "../../../shared");

/** Watches a test file's exchanges with an issuer, and holds them against the issuer's OpenAPI document where that is on this machine. */
export function watchExchanges(input: {
  /** In the folder `specs` of what is shared. */
  readonly file: string;
  /** What stands before the document's paths. */
  readonly base: string;
  /** How the paths begin that are watched. */
  readonly watched: string;
  /** See {@link createOpenApiCheck}. */
  readonly undeclared?: Readonly<Record<string, string>>;
  readonly exchangesLeast: number;
}): {
  watch(fetch: Fetch): Fetch;
  /** A last test: every request and answer so far is one of the document. */
  testDocument(): void;
} {
  const { file, base, watched, undeclared = {}, exchangesLeast } = input;
  const path = join(SHARED, "specs", file);
  const document = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  const check = document && createOpenApiCheck(document, base, undeclared);
  const strays: string[] = [];
  let exchanges = 0;
  return {
    watch: (fetch) => async (url, init) => {
      const response = await fetch(url, init);
      const { method = "GET", body } = init;
      const { pathname } = new URL(url);
      // A 500 is the sandbox's fault on demand, in its own form.
      if (check === undefined || !pathname.startsWith(watched) || response.status >= 500)
        return response;
      exchanges += 1;
      if (typeof body === "string") strays.push(...check.request(method, pathname, parse(body)));
      const answer = parse(await response.clone().text());
      strays.push(...check.answer(method, pathname, response.status, answer));
      return response;
    },
    testDocument() {
      const missing = check === undefined ? ` (${file} is not on this machine)` : "";
      if (missing !== "") console.info(`skipped: every exchange with an issuer is held${missing}`);
      it.skipIf(missing !== "")(
        `speaks the issuer's OpenAPI in every request and answer${missing}`,
        () => {
          expect(exchanges).toBeGreaterThan(exchangesLeast);
          expect([...new Set(strays)]).toEqual([]);
          expect(check?.listIdle()).toEqual([]);
        },
      );
    },
  };
}

function parse(text: string): unknown {
  return text === "" ? undefined : JSON.parse(text);
}
