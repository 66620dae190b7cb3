import type { Adapter, AdapterPayload } from "oidc-provider";
import type { SandboxStore } from "../../context.ts";

/** What oidc-provider keeps of one model, in the sandbox's own store: sessions and grants outlive a restart. Ends are the library's to check. */
export function createStoreAdapter(store: SandboxStore): new (model: string) => Adapter {
  return class implements Adapter {
    readonly #records;
    constructor(model: string) {
      this.#records = store.collection<{ readonly id: string; readonly payload: AdapterPayload }>(
        `oidc-${model}`,
      );
    }
    async upsert(id: string, payload: AdapterPayload): Promise<void> {
      this.#records.put(id, { id, payload });
    }
    async find(id: string): Promise<AdapterPayload | undefined> {
      return this.#records.get(id)?.payload;
    }
    async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
      return this.#first((payload) => payload.userCode === userCode);
    }
    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return this.#first((payload) => payload.uid === uid);
    }
    async consume(id: string): Promise<void> {
      const record = this.#records.get(id);
      if (record === undefined) return;
      const consumed = Math.floor(Date.now() / 1000);
      this.#records.put(id, { id, payload: { ...record.payload, consumed } });
    }
    async destroy(id: string): Promise<void> {
      this.#records.delete(id);
    }
    async revokeByGrantId(grantId: string): Promise<void> {
      for (const { id, payload } of this.#records.list())
        if (payload.grantId === grantId) this.#records.delete(id);
    }
    #first(test: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
      return this.#records.list().find(({ payload }) => test(payload))?.payload;
    }
  };
}
