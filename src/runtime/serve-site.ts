import { createSiteAnswer, type SiteFiles } from "./create-site-answer.ts";
import { listen } from "./listen.ts";
import { readAddress } from "./read-address.ts";
import { runProcess } from "./run-process.ts";

/** Serves static files on `PORT` (8080) of `HOST` (`0.0.0.0`), see {@link createSiteAnswer}. */
export function serveSite(site: SiteFiles): Promise<void> {
  return runProcess(async () => {
    const { port, close } = await listen(createSiteAnswer(site), readAddress(process.env));
    return { port, end: close };
  });
}
