/** An error of AWS's JSON protocol. */
export function refuseAws(name: string, status = 400): Response {
  return Response.json({ __type: name, Message: "refused by the sandbox" }, { status });
}
