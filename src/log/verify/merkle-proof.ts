import { hash } from "node:crypto";

/** SHA-256 of an empty tree (RFC 6962 section 2.1). */
export const EMPTY_ROOT: Uint8Array = hash("sha256", new Uint8Array(), "buffer");

/** RFC 6962 section 2.1: SHA-256 of a zero byte and the entry. */
export function hashEntry(entry: Uint8Array): Uint8Array {
  return hash("sha256", Buffer.concat([Buffer.of(0), entry]), "buffer");
}

/** RFC 6962 section 2.1: SHA-256 of a one byte and both children. */
export function hashChildren(left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash("sha256", Buffer.concat([Buffer.of(1), left, right]), "buffer");
}

/** Merkle tree head over leaf hashes: the tree is split at the largest power of two below its size. */
export function computeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashChildren(computeRoot(leaves.slice(0, split)), computeRoot(leaves.slice(split)));
}

/** That a leaf stands at an index of the tree with this root. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 section 2.1.3.2. False for every claim that is not proved, malformed ones included. */
export function provesInclusion({ index, size, leaf, root, proof }: InclusionClaim): boolean {
  return provesSubtreeInclusion({ index, start: 0, end: size, leaf, root, proof });
}

/** That a leaf stands at an index of the tree, in the subtree of entries `start` to `end` (exclusive), whose root is `root`. */
export interface SubtreeInclusionClaim extends Omit<InclusionClaim, "size"> {
  readonly start: number;
  readonly end: number;
}

/** draft-ietf-plants-merkle-tree-certs section 4.3.2; with `start` 0 it is RFC 9162 section 2.1.3.2. */
export function provesSubtreeInclusion(claim: SubtreeInclusionClaim): boolean {
  const { index, start, end, leaf, root, proof } = claim;
  if (!isSubtree(start, end) || !isCount(index) || index < start || index >= end) return false;
  if (![leaf, root, ...proof].every(isHash)) return false;
  let node = index - start;
  let last = end - start - 1;
  let result = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      result = hashChildren(sibling, result);
      while (!isOdd(node) && node > 0) [node, last] = [half(node), half(last)];
    } else {
      result = hashChildren(result, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isEqual(result, root);
}

/** That a tree with one root grew into a tree with another by appending only. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 section 2.1.4.2. Any tree follows from the empty one, whose root must be right and whose proof must be empty. */
export function provesConsistency(claim: ConsistencyClaim): boolean {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false;
  if (oldSize === 0) {
    const isGrown = newSize === 0 ? isEqual(newRoot, EMPTY_ROOT) : isHash(newRoot);
    return proof.length === 0 && isEqual(oldRoot, EMPTY_ROOT) && isGrown;
  }
  return provesSubtreeConsistency({
    ...{ start: 0, end: oldSize, size: newSize },
    ...{ subtreeRoot: oldRoot, root: newRoot, proof },
  });
}

/** That a subtree is a part of the tree with this root and size. */
export interface SubtreeConsistencyClaim {
  readonly start: number;
  readonly end: number;
  readonly size: number;
  readonly subtreeRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** draft-ietf-plants-merkle-tree-certs section 4.4.3. An empty subtree is a part of every tree. */
export function provesSubtreeConsistency(claim: SubtreeConsistencyClaim): boolean {
  const { start, end, size, subtreeRoot, root, proof } = claim;
  if (!isCount(start) || !isCount(size) || end > size || !proof.every(isHash)) return false;
  if (start === end) return proof.length === 0 && isEqual(subtreeRoot, EMPTY_ROOT);
  if (!isSubtree(start, end)) return false;
  let [first, last, total] = [start, end - 1, size - 1];
  const shift = (): void => {
    [first, last, total] = [half(first), half(last), half(total)];
  };
  if (last === total) while (first !== last) shift();
  else while (first !== last && isOdd(last)) shift();

  const isWhole = first === last;
  const [seed, ...rest] = isWhole ? [subtreeRoot, ...proof] : proof;
  if (seed === undefined) return false;
  let [part, whole] = [seed, seed];
  for (const sibling of rest) {
    if (total === 0) return false;
    if (isOdd(last) || last === total) {
      if (first < last) part = hashChildren(sibling, part);
      whole = hashChildren(sibling, whole);
      while (!isOdd(last) && last > 0) shift();
    } else {
      whole = hashChildren(whole, sibling);
    }
    shift();
  }
  return total === 0 && isEqual(part, subtreeRoot) && isEqual(whole, root);
}

export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** A subtree holds at least one entry and starts at a multiple of the smallest power of two that is not below its size. */
function isSubtree(start: number, end: number): boolean {
  if (!isCount(start) || !isCount(end) || start >= end) return false;
  let width = 1;
  while (width < end - start) width *= 2;
  return start % width === 0;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Uint8Array): boolean {
  return value.length === 32;
}

/** Sizes go beyond 32 bits, so they are halved by division. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}
