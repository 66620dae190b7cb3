const SGR = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const;

/** Puts a text in a style. */
export type Paint = (style: keyof typeof SGR, text: string) => string;

/** Colours, or none. */
export function createPaint(colors: boolean): Paint {
  if (!colors) return (_, text) => text;
  return (style, text) => `\u001b[${SGR[style][0]}m${text}\u001b[${SGR[style][1]}m`;
}
