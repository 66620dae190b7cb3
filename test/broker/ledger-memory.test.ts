import { describeLedger } from "./ledger-suite.ts";
import {
  copyMemoryDisk,
  createMemoryDisk,
  type MemoryDisk,
  openMemoryStore,
} from "./simulation/memory-store.ts";

const disks = new Map<string, MemoryDisk>();

describeLedger({
  name: "memory, which the simulation uses",
  setUp: async () => undefined,
  tearDown: async () => undefined,
  place(home) {
    disks.set(home, createMemoryDisk(home));
    return { home };
  },
  open: async ({ home }, mode) => openMemoryStore(disks.get(home) as MemoryDisk, mode),
  async backUp({ home }) {
    const copy = copyMemoryDisk(disks.get(home) as MemoryDisk);
    return { restore: async () => void disks.set(home, copy) };
  },
});
