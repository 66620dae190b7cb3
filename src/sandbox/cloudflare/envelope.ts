/** A note beside a result. */
export interface EnvelopeMessage {
  readonly code: number;
  readonly message: string;
}

interface SuccessOptions {
  /** Default 200. */
  readonly status?: number | undefined;
  readonly messages?: readonly EnvelopeMessage[] | undefined;
  readonly info?: Readonly<Record<string, unknown>> | undefined;
}

/** The envelope of a success (API docs, "Make API calls"). */
export function succeed(result: unknown, options: SuccessOptions = {}): Response {
  const body = {
    success: true,
    errors: [],
    messages: options.messages ?? [],
    result,
    ...(options.info === undefined ? {} : { result_info: options.info }),
  };
  return Response.json(body, { status: options.status ?? 200 });
}

/** The envelope of a refusal. */
export function fail(status: number, code: number, message: string): Response {
  return Response.json(
    { success: false, errors: [{ code, message }], messages: [], result: null },
    { status },
  );
}

/** One page of a list by `page` (from 1) and `per_page` (default 20, at most 1000). */
export function succeedPage(url: URL, items: readonly unknown[]): Response {
  const page = readCount(url, "page", 1, Number.MAX_SAFE_INTEGER);
  const perPage = readCount(url, "per_page", 20, 1000);
  const shown = items.slice((page - 1) * perPage, page * perPage);
  return succeed(shown, {
    info: {
      page,
      per_page: perPage,
      count: shown.length,
      total_count: items.length,
      total_pages: Math.ceil(items.length / perPage),
    },
  });
}

/** A whole number from 1 in the query, `fallback` when absent or no number, at most `max`. */
export function readCount(url: URL, name: string, fallback: number, max: number): number {
  const text = url.searchParams.get(name) ?? "";
  const value = /^\d{1,9}$/.test(text) ? Number(text) : fallback;
  return Math.min(Math.max(value, 1), max);
}
