/** The settings of the catalogue's services; whatever else there is may hold a secret. */
const NAMES = new Set([
  "name",
  "title",
  "region",
  "location_hint",
  "primary_location_hint",
  "queue_name",
  "domain_query",
  "plan",
  "eviction",
]);
/** No address with a password in it, no key in PEM. */
const VALUE = /^[A-Za-z0-9 ._:-]{0,64}$/;

/** Whether a configuration may stand in the list of processes, which every user of the machine can read: known settings with plain values alone. */
export function isShowable(config: Readonly<Record<string, string | number | boolean>>): boolean {
  return Object.entries(config).every(
    ([name, value]) => NAMES.has(name) && (typeof value !== "string" || VALUE.test(value)),
  );
}
