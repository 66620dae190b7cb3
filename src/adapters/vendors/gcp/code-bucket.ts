import type { Model } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { fitName } from "../fit-name.ts";
import { concat } from "../lowered-values.ts";
import { projectId } from "./apis.ts";
import { googleName } from "./google-name.ts";
import { native, REGION } from "./lowering.ts";

/** Name of the bucket from which functions are built. */
export const CODE = "gcp.code-bucket";

/** The most characters behind a project's id, which has up to 30, and a hyphen in a bucket's name, which has up to 63. */
const NAME_MAX = 32;
/** No resource of a manifest has an underscore in its name. */
const CODE_SUFFIX = "_code";

/** Where the code of every app of the stack lies, which nobody but the build reads. */
export function lowerCodeBucket({ name, stack }: Model): LoweredResource {
  const own = fitName(`${name}-${stack}`, NAME_MAX - CODE_SUFFIX.length);
  return lowerPrivateBucket(CODE, undefined, `${own}${CODE_SUFFIX}`);
}

/** A bucket that can never be opened to the world. `own` is cut where it is too long. */
export function lowerPrivateBucket(
  name: string,
  origin: string | undefined,
  own: string,
): LoweredResource {
  return native(name, origin, "google_storage_bucket", {
    name: bucketName(own),
    location: REGION,
    uniform_bucket_level_access: true,
    public_access_prevention: "enforced",
  });
}

/** Names of buckets are everybody's, and so are ids of projects. */
function bucketName(own: string): LoweredText {
  return concat(projectId(), `-${googleName(own, NAME_MAX)}`);
}
