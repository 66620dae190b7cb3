/** An error of Azure Resource Manager. */
export function refuseAzure(status: number, code: string): Response {
  return Response.json({ error: { code, message: "refused by the sandbox" } }, { status });
}
