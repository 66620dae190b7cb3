import { readFileSync } from "node:fs";
import { callBroker } from "../../broker/client.ts";
import type { BrokerRequest } from "../../broker/protocol.ts";

/** A program of its own: reads requests as a JSON list on standard input, makes them all at once, prints the answers' codes as a JSON list. */
const requests = JSON.parse(readFileSync(0, "utf8")) as readonly BrokerRequest[];
const answers = await Promise.all(requests.map((request) => callBroker(request)));
process.stdout.write(JSON.stringify(answers.map((answer) => (answer.ok ? "ok" : answer.code))));
