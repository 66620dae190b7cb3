/** An object's key as part of a URL. @throws TypeError for one that would lead to another place there. */
export function encodeKey(key: string): string {
  const parts = key.split("/");
  if (key === "" || parts.includes(".") || parts.includes("..")) {
    throw new TypeError("a key has at least one character, and `.` or `..` is no part of it");
  }
  return parts.map(encodeURIComponent).join("/");
}
