// One neuron with two inputs: move its weights, or let gradient steps move them.
nnLive.figures.neuron = function (host, data, networks, figure) {
  "use strict";
  const { element, slider, tensor } = nnLive;
  const [LOW, HIGH] = data.range; // of both axes
  const SIDE = 320;
  const points = data.points.map(([x, y, label]) => ({ x, y, label }));
  const dense = networks[0].layers[0].own;
  const learned = [...dense.kernel.data, dense.bias.data[0]];
  const inputs = tensor([points.length, 2], Float32Array.from(points.flatMap(({ x, y }) => [x, y])));
  const values = [0, 0, 0]; // w1, w2, b: those of the engine's network are set from them
  let losses = [];

  const logits = () => {
    dense.kernel.data.set(values.slice(0, 2));
    dense.bias.data[0] = values[2];
    return networks[0].run(inputs).output.data;
  };
  const probability = (z) => (1 + Math.tanh(z / 2)) / 2;
  const loss = (z) => points.reduce(
    (sum, { label }, i) => sum + Math.max(z[i], 0) + Math.log1p(Math.exp(-Math.abs(z[i]))) - label * z[i], 0,
  ) / points.length;

  const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img" });
  const curve = element("canvas", { width: SIDE, height: 90, role: "img", "aria-label": "The loss after each gradient step" });
  const status = element("p", { role: "status", class: "nn-live-status" });

  const draw = nnLive.onNextFrame(() => {
    const context = canvas.getContext("2d"), z = logits(), now = loss(z);
    const place = (v) => ((v - LOW) / (HIGH - LOW)) * SIDE;
    const CELLS = 40, width = SIDE / CELLS;
    for (let i = 0; i < CELLS; i++)
      for (let j = 0; j < CELLS; j++) {
        const x = LOW + (i + 0.5) / CELLS * (HIGH - LOW), y = HIGH - (j + 0.5) / CELLS * (HIGH - LOW);
        const p = probability(values[0] * x + values[1] * y + values[2]);
        context.fillStyle = nnLive.color("paper");
        context.fillRect(i * width, j * width, width + 1, width + 1);
        context.globalAlpha = Math.abs(p - 0.5) * 0.7;
        context.fillStyle = nnLive.color(p > 0.5 ? "orange" : "blue");
        context.fillRect(i * width, j * width, width + 1, width + 1);
        context.globalAlpha = 1;
      }
    for (const { x, y, label } of points) {
      const [cx, cy] = [place(x), SIDE - place(y)];
      context.fillStyle = nnLive.color(label ? "orange" : "blue");
      context.beginPath();
      if (label) { context.moveTo(cx, cy - 4); context.lineTo(cx + 4, cy + 3); context.lineTo(cx - 4, cy + 3); }
      else context.arc(cx, cy, 3, 0, 2 * Math.PI);
      context.fill();
    }
    const right = points.filter(({ label }, i) => (z[i] > 0) === (label === 1)).length;
    status.textContent = `Loss ${now.toFixed(3)}; ${right} of ${points.length} biopsies on their side of the border; ${losses.length} gradient steps.`;
    canvas.setAttribute("aria-label", `Biopsies and the border of the neuron. ${status.textContent}`);
    figure.dataset.loss = now.toFixed(6);
    drawCurve(now);
  }, figure);

  function drawCurve(now) {
    const context = curve.getContext("2d"), all = [...losses, now], most = Math.max(...all, 0.7);
    context.fillStyle = nnLive.color("paper");
    context.fillRect(0, 0, SIDE, 90);
    context.strokeStyle = nnLive.color("blue");
    context.lineWidth = 2;
    context.beginPath();
    const at = (v, i) => [6 + i / Math.max(all.length - 1, 30) * (SIDE - 12), 84 - (v / most) * 76];
    all.forEach((v, i) => context.lineTo(...at(v, i)));
    context.stroke();
    context.fillStyle = nnLive.color("blue");
    context.beginPath();
    context.arc(...at(now, all.length - 1), 4, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = nnLive.color("ink");
    context.font = "12px sans-serif";
    context.fillText("loss", 8, 84);
  }

  const names = ["weight of the radius", "weight of the dents", "bias"];
  const sliders = names.map((name, i) => slider(name, { min: -6, max: 6, step: 0.05, value: 0 }, (v) => {
    values[i] = v;
    losses = [];
    draw();
  }));
  const move = (next) => {
    next.forEach((v, i) => { values[i] = v; sliders[i].set(v); });
    draw();
  };
  const steps = (n) => {
    for (let step = 0; step < n; step++) {
      const z = logits(), slope = [0, 0, 0];
      losses.push(loss(z));
      points.forEach(({ x, y, label }, i) => {
        const error = (probability(z[i]) - label) / points.length;
        slope[0] += error * x; slope[1] += error * y; slope[2] += error;
      });
      slope.forEach((s, i) => { values[i] -= data.rate * s; });
    }
    move([...values]);
  };
  const button = (text, click) => element("button", { type: "button", click }, text);
  host.append(
    element("div", { class: "nn-live-plots" }, canvas, curve),
    element("div", { class: "nn-live-controls" },
      ...sliders.map(({ row }) => row),
      element("div", { class: "nn-live-buttons" },
        button("One gradient step", () => steps(1)),
        button("Ten steps", () => steps(10)),
        button("All zero", () => { losses = []; move([0, 0, 0]); }),
        button("The chapter's weights", () => { losses = []; move(learned); })),
      status),
  );
  draw();
};
