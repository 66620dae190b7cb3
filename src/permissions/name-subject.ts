/** Who acts on a manifest, as rules name subjects: its agent, or a person, who is its principal. */
export function nameSubject(
  {
    agent,
    principal,
  }: { readonly agent: { readonly id: string }; readonly principal: { readonly email: string } },
  person = false,
): string {
  return person ? `human:${principal.email}` : `agent:${agent.id}`;
}
