/** The answer of a surface that failed or throttles before it looked at the request, in the envelope that belongs to the path. */
export function buildFailureAnswer(path: string, status: 413 | 429 | 500): Response {
  const headers = status === 429 ? { "retry-after": "1" } : {};
  return Response.json(describeFailure(path, status), { status, headers });
}

const MESSAGES = { 413: "request too large", 429: "too many requests", 500: "internal error" };

function describeFailure(path: string, status: 413 | 429 | 500): unknown {
  const message = MESSAGES[status];
  if (path.startsWith("/client/v4/"))
    return {
      success: false,
      errors: [{ code: 10000 + status, message }],
      messages: [],
      result: null,
    };
  if (path.startsWith("/v1/"))
    return status === 429
      ? { error: { type: "invalid_request_error", code: "rate_limit", message } }
      : { error: { type: "api_error", message } };
  const error = { code: status === 429 ? "rate_limited" : "server_error", message };
  return status === 429 ? { type: "error", error } : { error };
}
