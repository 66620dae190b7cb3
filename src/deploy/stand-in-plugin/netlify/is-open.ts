import { NetlifyError } from "./netlify-api.ts";

/** Whether a failure leaves open if what was asked for was done. */
export function isOpen(error: unknown): boolean {
  return (
    error instanceof NetlifyError &&
    (error.status === 0 || error.status === 408 || error.status >= 500)
  );
}
