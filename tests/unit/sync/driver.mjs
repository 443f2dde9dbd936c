// Calls the pure modules of the offline call sheet for a test: a line of JSON in, a line of JSON out.
import { createInterface } from "node:readline";
import * as facts from "../../../static/js/offline/facts.js";
import * as log from "../../../static/js/offline/log.js";

const functions = { ...facts, ...log };
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = JSON.parse(line);
  const found = functions[name];
  console.log(JSON.stringify((typeof found === "function" ? found(...args) : found) ?? null));
}
