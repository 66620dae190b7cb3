/** Where the vault keeps the id of AWS's own request to make an account. */
export function noteName(requestId: string): string {
  return `aws-organizations/${requestId}`;
}
