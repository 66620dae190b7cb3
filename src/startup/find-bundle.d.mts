export const BUNDLED_COMMANDS: readonly ["validate", "compile", "preview"];
export type BundledCommand = (typeof BUNDLED_COMMANDS)[number];
export function bundleFolder(root: string): string;
export function recordFile(folder: string, command: BundledCommand): string;
export function codeFile(bundle: string): string;
export function stampOf(path: string): string | undefined;
export function nodeMark(): string;
export function findBundle(root: string, command: BundledCommand): string | undefined;
