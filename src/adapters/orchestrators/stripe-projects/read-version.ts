/** The first `major.minor` in what a program prints for `--version`, as comparable numbers; undefined without one. */
export function readVersion(text: string | undefined): readonly [number, number] | undefined {
  const [, major, minor] = /(\d{1,6})\.(\d{1,6})/.exec(text ?? "") ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** Whether a version is at least another. */
export function isAtLeast(
  [major, minor]: readonly [number, number],
  [leastMajor, leastMinor]: readonly [number, number],
): boolean {
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
