// Synthesises N Kubernetes objects through cdk8s: an App, one chart, synth().
import { ApiObject, App, Chart } from "cdk8s";

const count = Number(process.argv[2]);
const app = new App({ outdir: process.argv[3] });
const chart = new Chart(app, "bench");
for (let index = 0; index < count; index++) {
  new ApiObject(chart, `kv-${index}`, {
    apiVersion: "example.com/v1",
    kind: "Namespace",
    metadata: { name: `bench-kv-${index}` },
    spec: { title: `bench-kv-${index}` },
  });
}
app.synth();
