// The game on the ring at every stage of its training: what the generator draws, and, on a pad of
// all its noise, where each place of the noise is sent.
nnLive.figures.ring = function (host, data, networks, figure) {
  "use strict";
  const { element, tensor, rgb, mixed } = nnLive;
  const SIDE = 320, PAD = 240, CELLS = 60, REACH = 3, NOISE_REACH = 2.5;
  const [near, least] = data.covered; // a mode: how close, and by which share of the points
  const nStages = data.steps.length, nModes = data.centers.length;
  const noise = tensor([data.noise.length, 2], Float32Array.from(data.noise.flat()));
  const cells = tensor([CELLS * CELLS, 2], Float32Array.from({ length: 2 * CELLS * CELLS }, (_, k) => {
    const i = k >> 1, place = k % 2 ? CELLS - 1 - Math.floor(i / CELLS) : i % CELLS;
    return (((place + 0.5) / CELLS) * 2 - 1) * NOISE_REACH;
  }));
  let game = data.games.length - 1, stage = nStages - 1;

  // The mode on which a point lies, or -1.
  const modeOf = (x, y) => data.centers.findIndex(([a, b]) => Math.hypot(x - a, y - b) < near);
  // A colour for each direction from the middle, paler where the point is on no mode.
  function colorOf(x, y, paper) {
    const turn = (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
    const bright = [0, 1 / 3, 2 / 3].map((shift) => 110 + 100 * Math.cos(2 * Math.PI * (turn - shift)));
    return mixed(paper, bright, modeOf(x, y) < 0 ? 0.3 : 1);
  }
  const css = (color) => `rgb(${color.map(Math.round)})`;

  const canvas = nnLive.canvas(SIDE, SIDE);
  const status = nnLive.status();
  const pad = nnLive.pad("Noise from which one point is drawn", PAD, () => draw());

  const draw = nnLive.onNextFrame(() => {
    const network = networks[game * nStages + stage], paper = rgb("paper");
    const context = canvas.getContext("2d"), place = (v) => ((v / REACH + 1) / 2) * SIDE;
    const circle = (target, x, y, radius, fill) => {
      target.beginPath();
      target.arc(x, y, radius, 0, 2 * Math.PI);
      fill ? target.fill() : target.stroke();
    };
    const sent = network.run(cells).output.data;
    nnLive.paint(pad.canvas, CELLS, CELLS, (i) => colorOf(sent[2 * i], sent[2 * i + 1], paper));
    nnLive.clear(canvas);
    context.strokeStyle = nnLive.color("ink");
    context.lineWidth = 1;
    for (const [x, y] of data.centers) circle(context, place(x), SIDE - place(y), (near / REACH) * SIDE / 2);

    const points = network.run(noise).output.data, counts = new Array(nModes).fill(0);
    for (let i = 0; i < points.length; i += 2) {
      const mode = modeOf(points[i], points[i + 1]);
      if (mode >= 0) counts[mode] += 1;
      context.fillStyle = css(colorOf(points[i], points[i + 1], paper.map((v) => 0.55 * v)));
      circle(context, place(points[i]), SIDE - place(points[i + 1]), 2, true);
    }
    const at = pad.get().map((v) => v * NOISE_REACH);
    const [x, y] = network.run(tensor([1, 2], Float32Array.from(at))).output.data;
    context.lineWidth = 3;
    context.fillStyle = nnLive.color("paper");
    for (const isFilled of [true, false]) circle(context, place(x), SIDE - place(y), 7, isFilled);
    const onPad = pad.canvas.getContext("2d");
    [onPad.strokeStyle, onPad.fillStyle, onPad.lineWidth] = [nnLive.color("ink"), nnLive.color("paper"), 3];
    for (const isFilled of [true, false]) {
      circle(onPad, ((at[0] / NOISE_REACH + 1) / 2) * PAD, ((1 - at[1] / NOISE_REACH) / 2) * PAD, 6, isFilled);
    }
    const total = points.length / 2, modes = counts.filter((n) => n >= least * total).length;
    const off = total - counts.reduce((a, n) => a + n, 0);
    const here = modeOf(x, y);
    status.textContent = `${data.steps[stage]} steps: ${modes} of ${nModes} modes covered, ${off} of ${total} points on no mode. `
      + `Noise (${at.map((v) => v.toFixed(2)).join(", ")}) is drawn at (${x.toFixed(2)}, ${y.toFixed(2)}), on ${here < 0 ? "no mode" : `mode ${here + 1}`}.`;
    canvas.setAttribute("aria-label", `Points that the generator draws, and the eight modes. ${status.textContent}`);
    Object.assign(figure.dataset, { modes, off, x: x.toFixed(4), y: y.toFixed(4) });
  }, figure);

  const scrub = nnLive.slider("training steps", {
    min: 0, max: nStages - 1, step: 1, value: stage, text: (n) => `${data.steps[n]}`,
  }, (n) => { stage = n; draw(); });
  const games = nnLive.chooser("game", data.games.map((name, i) => [i, name]), (i) => { game = Number(i); draw(); });
  games.select.value = game;
  host.append(
    element("div", { class: "nn-live-plots" }, canvas),
    element("div", { class: "nn-live-controls" },
      games.row, scrub.row,
      element("p", {}, "The noise, coloured by where it is sent:"), pad.canvas, status),
  );
  draw();
};
