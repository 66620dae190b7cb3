/** A request to the Docker Engine API. */
export interface DockerRequest {
  readonly method: string;
  /** Without the version. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Status and JSON. */
export interface DockerAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** Method, path without the version, and what answers; the pattern's groups are handed on. */
export type DockerRoute = readonly [method: string, path: RegExp, handle: Handle];

type Handle = (
  request: DockerRequest,
  ...parts: readonly string[]
) => Promise<DockerAnswer> | DockerAnswer;

/** An error of the API. */
export const refuse = (status: number, message: string): DockerAnswer => ({
  status,
  body: { message },
});
export const missing = (what: string, name: string) => refuse(404, `No such ${what}: ${name}`);

/** A body's fields; none for what is no object. */
export function json(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
