/** The items of a list in an environment variable, without the spaces around them; an absent one has none. */
export function splitList(text: string | undefined, separator: string): readonly string[] {
  return (text ?? "")
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
