/** Whether a part of a path would lead elsewhere, which `encodeURIComponent` leaves. */
export function isDots(part: string): boolean {
  return part === "." || part === "..";
}
