// Synthesises N Terraform resources of one type through cdktn, the way its users do: an App, one stack, synth().
import { App, TerraformResource, TerraformStack } from "cdktn";

const count = Number(process.argv[2]);
const app = new App({ outdir: process.argv[3], skipValidation: true });
const stack = new TerraformStack(app, "bench");
for (let index = 0; index < count; index++) {
  const resource = new TerraformResource(stack, `kv-${index}`, {
    terraformResourceType: "cloudflare_workers_kv_namespace",
    terraformGeneratorMetadata: { providerName: "cloudflare" },
  });
  resource.addOverride("account_id", "account");
  resource.addOverride("title", `bench-kv-${index}`);
}
app.synth();
