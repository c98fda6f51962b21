// Reads what is rendered, for NpmTools.cs. Each line of the input is [format, what]; each line of the output is [what was read, what is wrong].

import { createInterface } from "node:readline";
import { parse } from "@cdktn/hcl2json";
import { createRailwayContext, project } from "railway/iac";
import { tsImport } from "tsx/esm/api";

const formats = {
  hcl: (text) => parse("text", text),
  railway: async (file) => {
    const { default: define } = await tsImport(file, import.meta.url);
    return define(createRailwayContext({ environment: "production" }), project);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [format, what] = JSON.parse(line);
  const answer = await formats[format](what).then((read) => [read, null], (error) => [null, error.message]);
  console.log(JSON.stringify(answer));
}
