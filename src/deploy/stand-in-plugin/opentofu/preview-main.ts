/** Entry of the providers that play in plans alone. OpenTofu starts them in the folder of the configuration. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { OPENTOFU_FILE } from "../../../compiler/4-emit/opentofu/opentofu-file.ts";
import { runPlugin } from "../../../tfplugin/run-plugin.ts";
import { createPreviewingProvider } from "./previewing-provider.ts";
import { readDeclared } from "./read-declared.ts";

const text = readFileSync(basename(OPENTOFU_FILE), "utf8");
await runPlugin(createPreviewingProvider(readDeclared(process.argv[2] ?? "", text)));
