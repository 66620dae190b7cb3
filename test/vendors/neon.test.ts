import neon from "../../src/adapters/vendors/neon/index.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(neon);
