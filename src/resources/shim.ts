import type { dynamic } from "@pulumi/pulumi";

/**
 * The one provider object of all our dynamic resources. Pulumi stores its source text in the state and runs that text
 * later, so it is constant: it captures nothing, holds no type annotation, and which resource is meant travels in the
 * inputs (`kind`). A change of a single character here makes every existing state refused, see {@link SHIM_TEXT}.
 */
export const shim: dynamic.ResourceProvider = {
  async check(olds, news) {
    const methods = await import("supercargo/resources/provider");
    return methods.check(olds, news);
  },
  async diff(id, olds, news) {
    const methods = await import("supercargo/resources/provider");
    return methods.diff(id, olds, news);
  },
  async create(inputs) {
    const methods = await import("supercargo/resources/provider");
    return methods.create(inputs);
  },
  async read(id, props) {
    const methods = await import("supercargo/resources/provider");
    return methods.read(id, props);
  },
  async update(id, olds, news) {
    const methods = await import("supercargo/resources/provider");
    return methods.update(id, olds, news);
  },
  async delete(id, props) {
    const methods = await import("supercargo/resources/provider");
    await methods.remove(id, props);
  },
};
