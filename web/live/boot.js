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
      const weights = payload.weights.map(nnLive.decodeHalves);
      const networks = weights.map((values) => nnLive.network(payload.network, values));
      const { input, output } = payload.example;
      const shown = nnLive.tensor(input.shape, Float32Array.from(input.data));
      const answer = networks[networks.length - 1].run(shown).output;
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
