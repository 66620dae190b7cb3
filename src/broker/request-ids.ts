import { AsyncLocalStorage } from "node:async_hooks";
import type { Fetch } from "../util/fetch-json.ts";

/** Remembers which of a provider's own request ids belongs to which act, so that the log can name it. */
export interface RequestIds {
  /** A fetch whose answers are looked at. */
  watch(fetch: Fetch): Fetch;
  /** Runs the calls of one act; the last id among their answers is the act's. */
  collect<T>(intent: string, work: () => Promise<T>): Promise<T>;
  /** Undefined when there was none, or when another process sent the act. */
  of(intent: string): string | undefined;
}

const HEADERS = ["request-id", "x-request-id", "cf-ray"];
/** Stripe's, Cloudflare's and UUIDs. Nothing else passes: a header is the provider's text and might hold anything, a secret of ours included. */
const FORMS = [
  /^req_[A-Za-z0-9]{8,24}$/,
  /^[0-9a-f]{16}(-[A-Z]{3})?$/,
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
];

export function createRequestIds(): RequestIds {
  const current = new AsyncLocalStorage<string>();
  const ids = new Map<string, string>();
  return {
    watch: (fetch) => async (url, init) => {
      const response = await fetch(url, init);
      const intent = current.getStore();
      const id = HEADERS.map((name) => response.headers.get(name) ?? "").find((text) =>
        FORMS.some((form) => form.test(text)),
      );
      if (intent !== undefined && id !== undefined) ids.set(intent, id);
      return response;
    },
    collect: (intent, work) => current.run(intent, work),
    of: (intent) => ids.get(intent),
  };
}
