/** Statuses of errors and the HTTP status of each (AIP-193). */
const STATUSES = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
} as const;

/** An error of a JSON API of Google Cloud. */
export function refuseGoogle(status: keyof typeof STATUSES): Response {
  const code = STATUSES[status];
  const error = { code, status, message: "refused by the sandbox" };
  return Response.json({ error }, { status: code });
}
