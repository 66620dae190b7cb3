/** A heap of numbers; `pop` takes the smallest, undefined when there is none. */
export interface MinHeap {
  push(value: number): void;
  pop(): number | undefined;
}

export function createMinHeap(): MinHeap {
  const heap: number[] = [];
  const at = (i: number): number => heap[i] ?? Number.POSITIVE_INFINITY;
  const swap = (i: number, j: number): void => {
    [heap[i], heap[j]] = [at(j), at(i)];
  };
  return {
    push(value) {
      heap.push(value);
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (at(parent) <= at(i)) break;
        swap(i, parent);
        i = parent;
      }
    },
    pop() {
      const least = heap[0];
      const last = heap.pop();
      if (heap.length === 0 || last === undefined) return least;
      heap[0] = last;
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        const child = at(left) <= at(left + 1) ? left : left + 1;
        if (at(child) >= at(i)) break;
        swap(i, child);
        i = child;
      }
      return least;
    },
  };
}
