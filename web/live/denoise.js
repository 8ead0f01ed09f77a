// The chapter's denoiser on a digit of your choice: how much noise, and how much of the digit.
nnLive.figures.denoise = function (host, data, networks, figure) {
  "use strict";
  const [network] = networks, { element, slider, chooser, button, tensor } = nnLive;
  const SIDE = 28, N = SIDE * SIDE, PANEL = 160, GAP = 16, HEAD = 20;
  const digits = data.digits.map((text) => Float32Array.from(nnLive.fromHex(text), (v) => v / 255));
  let digit = 0, noise = data.noise, strength = 1, seed = 1;

  // Numbers of a standard normal distribution, the same for the same seed (mulberry32, Box-Muller).
  const normal = (state) => {
    const uniform = () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return Float32Array.from({ length: N }, () =>
      Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()));
  };
  const error = (one, other) => one.reduce((sum, v, i) => sum + (v - other[i]) ** 2, 0) / N;
  const told = (mse) => `${mse.toFixed(4)} (${mse > 0 ? `${(-10 * Math.log10(mse)).toFixed(1)} dB` : "exact"})`;

  const canvas = nnLive.canvas(2 * PANEL + GAP, 2 * (PANEL + HEAD));
  const status = nnLive.status();

  const draw = nnLive.onNextFrame(() => {
    const clean = digits[digit].map((v) => strength * v), grain = normal(seed);
    const noisy = clean.map((v, i) => Math.min(Math.max(v + noise * grain[i], 0), 1));
    const denoised = network.run(tensor([1, SIDE, SIDE, 1], noisy)).output.data;
    const signed = nnLive.diverging(), grey = (values) => (i) => Array(3).fill(255 * values[i]);
    nnLive.clear(canvas);
    [["clean", grey(clean)], ["noisy", grey(noisy)], ["denoised", grey(denoised)],
      ["error (orange: too bright)", (i) => signed(denoised[i] - clean[i])]].forEach(([name, colorOf], n) => {
      const x = (n % 2) * (PANEL + GAP), y = Math.floor(n / 2) * (PANEL + HEAD);
      nnLive.label(canvas, name, x, y + HEAD / 2, { size: 12 });
      nnLive.paint(canvas, SIDE, SIDE, colorOf, [x, y + HEAD, PANEL, PANEL]);
    });
    const before = error(noisy, clean), after = error(denoised, clean);
    status.textContent = `Mean squared error: noisy ${told(before)}, denoised ${told(after)}.`;
    canvas.setAttribute("aria-label", `A ${data.labels[digit]}, clean, noisy and denoised, and the error. ${status.textContent}`);
    figure.dataset.before = before.toFixed(6);
    figure.dataset.after = after.toFixed(6);
  }, figure);

  const share = { min: 0, max: 1, step: 0.05, value: 1 };
  const which = chooser("validation digit", data.labels.map((name, i) => [i, name]), (value) => { digit = Number(value); draw(); });
  const amount = slider("standard deviation of the noise", { ...share, value: noise }, (v) => { noise = v; draw(); });
  const ink = slider("strength of the digit", share, (v) => { strength = v; draw(); });
  host.append(
    element("div", { class: "nn-live-plots" }, canvas),
    element("div", { class: "nn-live-controls" },
      which.row, amount.row, ink.row,
      element("div", { class: "nn-live-buttons" },
        button("Other noise of the same size", () => { seed += 1; draw(); }),
        button("As in training", () => {
          [noise, strength] = [data.noise, 1];
          amount.set(noise);
          ink.set(1);
          draw();
        })),
      status),
  );
  draw();
};
