const STATUS: Readonly<Record<string, number>> = {
  unauthorized: 401,
  invalid_grant: 400,
  invalid_request: 400,
  project_expired: 410,
  project_claimed: 409,
  route_not_allowed: 403,
};

/** A failure in Claimable Neon's form. Which status goes with which code is the sandbox's choice. */
export function refuseNeon(code: string): Response {
  return Response.json(
    { error: { code, message: code, origin: "proxy", retryable: false } },
    { status: STATUS[code] ?? 404 },
  );
}
