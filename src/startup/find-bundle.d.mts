export function bundleFolder(root: string): string;
export function recordFile(folder: string): string;
export function stampOf(path: string): string | undefined;
export function nodeMark(): string;
export function findBundle(root: string): string | undefined;
