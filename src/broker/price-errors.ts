/** {@link BROKER_ERRORS} about what something costs. */
export const PRICE_ERRORS = {
  price_above_maximum: {
    message: "the price of {price} is above the manifest's maximum of {maximum}",
    remedy: "Raise `maxPrice` in the manifest if that price is right.",
  },
  price_unknown: {
    message: "the price of this service is not known, so it cannot be held against a cap",
    remedy: "Have a person check the price and choose a service with a known one.",
  },
  price_changed: {
    message: "the provider asks another price for this service than was approved",
    remedy:
      "Look at the provider's price list; the service can be bought once the catalogue has that price and the review of it is approved.",
  },
  price_unconfirmed: {
    message: "the provider's own price list could not be read, so nothing is bought by it",
    remedy:
      "Run `npx supercargo up` again later; where the provider has no such list, take the service from another one or order it there yourself.",
  },
  service_not_offered: {
    message: "the provider does not offer this service any more",
    remedy: "Choose another service in the manifest.",
  },
  charged_above_hold: {
    message: "the provider charged {charged} where {held} was held; spending there is now frozen",
    remedy:
      "Check the provider's invoice against `npx supercargo status`; nothing more is spent there.",
  },
} as const;
