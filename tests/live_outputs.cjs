// Reads payloads from standard input, one JSON list; writes what the engine makes of each example.
const nnLive = require("../web/live/engine.js");
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = cases.map(({ network, weights, example }) => {
  try {
    const run = nnLive.network(network, nnLive.decode(weights[0], network.layers)).run;
    const [input] = example.inputs;
    const { output, values } = run(nnLive.tensor(input.shape, Float32Array.from(input.data)));
    const traces = Object.fromEntries(Object.entries(values).filter(([, v]) => v.trace)
      .map(([name, v]) => [name, Object.fromEntries(Object.entries(v.trace).map(([gate, t]) => [gate, Array.from(t.data)]))]));
    return { shape: output.shape, data: Array.from(output.data), traces };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(answers));
