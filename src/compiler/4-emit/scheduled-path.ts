/** Where an app at Vercel is called when one of its schedules is due; the app itself never sees it. */
export const SCHEDULED_PATH = "/_supercargo/scheduled";
