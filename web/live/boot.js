// Turns the pictures of live figures into running ones. A figure carries its network and one stored
// example; if the example does not come out as in the chapter, the picture stays.
(function () {
  "use strict";
  const TOLERANCE = 1e-4;

  function start(figure) {
    const name = figure.dataset.figure;
    const host = document.createElement("div");
    try {
      const payload = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      const networks = payload.weights.map((text) =>
        nnLive.network(payload.network, nnLive.decode(text, payload.network.layers)));
      const { inputs, output } = payload.example;
      const shown = inputs.map(({ shape, data }) => nnLive.tensor(shape, Float32Array.from(data)));
      const forward = nnLive.forward[name] ?? ((network, [input]) => network.run(input).output);
      const answer = forward(networks[networks.length - 1], shown, payload.data);
      const parity = nnLive.largestDifference(answer.data, output.data);
      figure.dataset.parity = parity.toExponential(1);
      if (!(parity <= TOLERANCE)) throw new Error(`its example comes out wrong by ${parity}`);
      host.className = "nn-live-host";
      nnLive.figures[name](host, payload.data, networks, figure);
      figure.querySelector(".nn-live-picture").replaceWith(host);
      figure.classList.add("nn-live-runs");
    } catch (error) {
      console.error(`The live figure "${name}" stays a picture: ${error.message}`);
    }
  }

  document.querySelectorAll(".nn-live").forEach(start);
})();
