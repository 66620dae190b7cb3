/** An error in Netlify's form (open-api, `error`). */
export function refuseCall(status: number, message: string): Response {
  return Response.json({ code: status, message }, { status });
}
