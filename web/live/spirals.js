// A small MLP on the spirals, at every stage of its training: its border, and the map of each
// hidden unit. A unit that is clicked is silenced, and the border is what the others make of it.
nnLive.figures.spirals = function (host, data, networks, figure) {
  "use strict";
  const { element, slider, tensor, rgb, mixed } = nnLive;
  const CELLS = 56, SIDE = 336, SMALL = 56;
  const hidden = networks[0].layers.filter(({ type }) => type === "Dense").slice(0, -1).map(({ name }) => name);
  const nUnits = networks[0].layers.find(({ name }) => name === hidden[1]).own.bias.data.length;
  const places = new Float32Array(CELLS * CELLS * 2);
  for (let i = 0; i < CELLS * CELLS; i++) {
    places[2 * i] = (((i % CELLS) + 0.5) / CELLS * 2 - 1) * data.reach;
    places[2 * i + 1] = (1 - (Math.floor(i / CELLS) + 0.5) / CELLS * 2) * data.reach;
  }
  const grid = tensor([CELLS * CELLS, 2], places);
  const examples = tensor([data.points.length, 2], Float32Array.from(data.points.flatMap(([x, y]) => [x, y])));
  const silent = new Set();
  let layer = hidden[1], stage = networks.length - 1;

  const silence = (name, value) => {
    if (name !== layer || !silent.size) return value;
    const n = value.shape[value.shape.length - 1];
    return tensor(value.shape, value.data.map((v, i) => (silent.has(i % n) ? 0 : v)));
  };

  const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img" });
  const status = element("p", { role: "status", class: "nn-live-status" });
  const maps = Array.from({ length: nUnits }, (_, unit) => {
    const map = element("canvas", { width: SMALL, height: SMALL, "aria-hidden": "true" });
    const toggle = element("button", {
      type: "button", class: "nn-live-unit", "aria-pressed": "false", "aria-label": `Silence unit ${unit + 1}`,
      click() {
        if (!silent.delete(unit)) silent.add(unit);
        toggle.setAttribute("aria-pressed", silent.has(unit));
        draw();
      },
    }, map);
    return { map, toggle };
  });

  const paint = (target, values, color) =>
    nnLive.paint(target, CELLS, CELLS, (i) => color(values(i)));

  const draw = nnLive.onNextFrame(() => {
    const paper = rgb("paper"), blue = rgb("blue"), orange = rgb("orange");
    const { values, output } = networks[stage].run(grid, silence);
    paint(canvas, (i) => Math.tanh(output.data[i] / 2), (v) => mixed(paper, v > 0 ? orange : blue, Math.abs(v) * 0.45));
    const context = canvas.getContext("2d"), place = (v) => ((v / data.reach + 1) / 2) * SIDE;
    for (const [x, y, label] of data.points) {
      context.fillStyle = nnLive.color(label ? "orange" : "blue");
      context.beginPath();
      if (label) { context.moveTo(place(x), SIDE - place(y) - 4); context.lineTo(place(x) + 4, SIDE - place(y) + 3); context.lineTo(place(x) - 4, SIDE - place(y) + 3); }
      else context.arc(place(x), SIDE - place(y), 2.5, 0, 2 * Math.PI);
      context.fill();
    }
    const states = values[layer].data;
    maps.forEach(({ map }, unit) => {
      let most = 1e-6;
      for (let i = unit; i < states.length; i += nUnits) most = Math.max(most, states[i]);
      paint(map, (i) => states[i * nUnits + unit] / most, (v) => mixed(paper, blue, Math.max(v, 0)));
    });
    const logits = networks[stage].run(examples, silence).output.data;
    const right = data.points.filter(([, , label], i) => (logits[i] > 0) === (label === 1)).length;
    status.textContent = `${data.epochs[stage]} passes; ${right} of ${data.points.length} validation points right; ${silent.size} units silent.`;
    canvas.setAttribute("aria-label", `The plane as the network colours it. ${status.textContent}`);
    figure.dataset.right = right;
  }, figure);

  const scrub = slider("passes over the data", {
    min: 0, max: networks.length - 1, step: 1, value: stage, text: (n) => `${data.epochs[n]}`,
  }, (n) => { stage = n; draw(); });
  const chooser = element("select", {
    change() {
      layer = chooser.value;
      wake();
    },
  }, ...hidden.map((name, i) => element("option", { value: name }, `${i + 1}`)));
  chooser.value = layer;
  const wake = () => {
    silent.clear();
    maps.forEach(({ toggle }) => toggle.setAttribute("aria-pressed", "false"));
    draw();
  };
  host.append(
    element("div", { class: "nn-live-plots" }, canvas),
    element("div", { class: "nn-live-controls" },
      scrub.row,
      element("label", {}, "units of hidden layer ", chooser),
      element("div", { class: "nn-live-units", role: "group", "aria-label": "Hidden units" }, ...maps.map(({ toggle }) => toggle)),
      element("div", { class: "nn-live-buttons" },
        element("button", { type: "button", click: wake }, "Wake all units")),
      status),
  );
  draw();
};
