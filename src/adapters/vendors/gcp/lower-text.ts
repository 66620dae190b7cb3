import { createLowerText, type LowerText } from "../create-lower-text.ts";
import { serviceHost } from "./service-host.ts";

const texts = createLowerText((context, { name }) => serviceHost(context, name, "app"));
export const lowerText: LowerText["lowerText"] = texts.lowerText;
export const webUrl: LowerText["webUrl"] = texts.webUrl;
export const createResolver: LowerText["createResolver"] = texts.createResolver;
