// The decoder of the code of two numbers: walk over the map of the digits and see what it draws.
nnLive.figures.plane = function (host, data, networks, figure) {
  "use strict";
  const [decoder] = networks, { element, slider, chooser, tensor } = nnLive;
  const SIDE = 336, PICTURE = 168, WIDE = 28;
  const [low, high] = [data.low, data.high];
  const codeOf = (place) => place.map((v, i) => low[i] + ((v + 1) / 2) * (high[i] - low[i]));
  const placeOf = (code) => code.map((v, i) => ((v - low[i]) / (high[i] - low[i])) * 2 - 1);
  let code = data.points[0].slice(0, 2);

  const pad = nnLive.pad("The code of two numbers", SIDE, (place) => move(codeOf(place)));
  const canvas = nnLive.canvas(PICTURE, PICTURE);
  const status = nnLive.status();

  const drawMap = () => {
    nnLive.clear(pad.canvas);
    const pixel = ([x, y]) => [((x + 1) / 2) * SIDE, ((1 - y) / 2) * SIDE];
    for (const [x, y, label] of data.points) {
      nnLive.label(pad.canvas, `${label}`, ...pixel(placeOf([x, y])), { size: 11, color: data.colors[label], align: "center" });
    }
    const context = pad.canvas.getContext("2d"), [x, y] = pixel(placeOf(code));
    context.strokeStyle = nnLive.color("ink");
    context.lineWidth = 3;
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.stroke();
  };

  const draw = nnLive.onNextFrame(() => {
    const ink = decoder.run(tensor([1, 2], Float32Array.from(code))).output.data;
    const image = new Float32Array(WIDE * WIDE); // pixels that no place of the map inks stay black
    data.pixels.forEach((pixel, i) => { image[pixel] = ink[i]; });
    nnLive.paint(canvas, WIDE, WIDE, (i) => Array(3).fill(255 * image[i]));
    drawMap();
    const far = ([x, y]) => Math.hypot(x - code[0], y - code[1]);
    const nearest = data.points.reduce((best, point) => (far(point) < far(best) ? point : best));
    status.textContent = `The code nearest to (${code.map((v) => v.toFixed(1)).join(", ")}) is that of a digit ${nearest[2]}, ${far(nearest).toFixed(2)} away.`;
    canvas.setAttribute("aria-label", `What the decoder draws. ${status.textContent}`);
    figure.dataset.nearest = nearest[2];
    figure.dataset.ink = ink.reduce((sum, v) => sum + v, 0).toFixed(4);
  }, figure);

  function move(to) {
    code = to.map((v, i) => Math.min(Math.max(v, low[i]), high[i]));
    pad.set(placeOf(code));
    sliders.forEach(({ set }, i) => set(code[i]));
    draw();
  }
  const sliders = ["first number", "second number"].map((name, i) => slider(
    name, { min: low[i], max: high[i], step: "any", value: code[i], text: (v) => v.toFixed(1) },
    (v) => move(code.map((old, n) => (n === i ? v : old)))));
  const jump = chooser("go to the code of a validation digit", data.points.slice(0, 20).map(([, , label], i) => [i, label]),
    (value) => move(data.points[value].slice(0, 2)));
  host.append(
    element("div", { class: "nn-live-plots" }, pad.canvas),
    element("div", { class: "nn-live-controls" }, canvas, ...sliders.map(({ row }) => row), jump.row, status),
  );
  move(code);
};
