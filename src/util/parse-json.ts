/** What a text in JSON says; undefined where it is none. What the parser would say of it holds a piece of the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
