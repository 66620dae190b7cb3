import aws from "../../src/adapters/vendors/aws/index.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(aws);
