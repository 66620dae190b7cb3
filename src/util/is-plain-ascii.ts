/** True for a text of printable ASCII, tabs and ends of lines: what most texts are, and what needs no tables of Unicode to be looked through. */
export function isPlainAscii(text: string): boolean {
  return !/[^\t\n\r -~]/.test(text);
}
