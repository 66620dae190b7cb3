/** What a text of a container's environment names, and what that is on this machine. */
export interface Translation {
  readonly ports: readonly {
    readonly name: string;
    readonly innerPort: number;
    readonly port: number;
  }[];
  readonly folders: readonly { readonly path: string; readonly folder: string }[];
}

/** Plain processes have neither names for each other nor mounted volumes, so `name:port` and paths of volumes are replaced by what they stand for. Longer ones first. */
export function translateText(text: string, { ports, folders }: Translation): string {
  const pairs = [
    ...ports.map(
      ({ name, innerPort, port }) => [`${name}:${innerPort}`, `127.0.0.1:${port}`] as const,
    ),
    ...folders.map(({ path, folder }) => [path, folder] as const),
  ].toSorted(([a], [b]) => b.length - a.length);
  return pairs.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}
