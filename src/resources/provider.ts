export async function create(
  inputs: Record<string, unknown>,
): Promise<{ id: string; outs: Record<string, unknown> }> {
  return { id: "x1", outs: { ...inputs, value: process.cwd() } };
}
