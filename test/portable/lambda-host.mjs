// Plays the part of Lambda's runtime in a process of its own: loads the bundle, then hands it one event after the other as JSON.
const { handler } = await import(process.argv[2]);

process.on("message", async ({ id, event }) => {
  const context = {
    functionName: "shop",
    awsRequestId: id,
    getRemainingTimeInMillis: () => 30_000,
  };
  try {
    process.send({ id, result: await handler(event, context) });
  } catch (error) {
    process.send({ id, failure: String(error?.stack ?? error) });
  }
});
process.send({ id: "ready" });
