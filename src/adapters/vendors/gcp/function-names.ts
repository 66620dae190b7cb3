import type { Entry } from "./service-name.ts";

/** Name of the function that an entry of an app is. */
export function functionName(app: string, entry: Entry): string {
  switch (entry) {
    case "app":
      return app;
    case "queue":
      return `${app}.consumer`;
    case "scheduled":
      return `${app}.scheduled`;
  }
}

/** Name of the right to call it. */
export function callerName(app: string, entry: Entry): string {
  return entry === "app" ? `${app}.visitors` : `${functionName(app, entry)}-caller`;
}
