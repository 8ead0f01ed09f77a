// An LSTM reads a review word by word: its gates, its cell state, and the verdict so far.
// Time runs downwards, so that words stay legible on a phone.
nnLive.figures.reviews = function (host, data, networks, figure) {
  "use strict";
  const { element, tensor, chooser, slider, label } = nnLive;
  const WIDTH = 336, HEAD = 36, ROW = 18, MOST_WORDS = 60, MOST = 5; // MOST: a logit as long as half a column
  // Columns: left edge and width.
  const GATES = [104, 82], CELL = [198, 56], VERDICT = [266, 62];
  const GATE_COLORS = { i: "green", f: "orange", o: "purple" };
  const [network] = networks;
  const recurrent = network.layers.find(({ type }) => type === "LSTM").name;
  const head = network.layers.find(({ type }) => type === "Dense").name;
  const nUnits = network.byName[recurrent].config.units;
  const codes = new Map(data.words.map((word, i) => [word, i + 1])); // 0 is padding, or unknown
  let unit = -1, at = 0, reading; // unit -1: the mean of all

  // Zeros stand in front, as in training; what the network did with them is not shown.
  function read(text) {
    const words = text.toLowerCase().split(/[^a-z']+/).filter(Boolean).slice(-MOST_WORDS);
    const numbers = words.map((word) => codes.get(word) ?? 0);
    const steps = Math.max(data.steps, words.length), first = steps - words.length;
    const row = Float32Array.from({ length: steps }, (_, t) => (t < first ? 0 : numbers[t - first]));
    const { values } = network.run(tensor([1, steps], row));
    const { i, f, o, c } = values[recurrent].trace;
    const states = tensor([steps, nUnits], o.data.map((gate, k) => gate * Math.tanh(c.data[k])));
    const logits = network.apply(head, [states]).data.slice(first);
    const shown = ({ data: all }, isSize = false) => words.map((_, t) => {
      const units = all.subarray((first + t) * nUnits, (first + t + 1) * nUnits);
      if (unit >= 0) return units[unit];
      return units.reduce((sum, v) => sum + (isSize ? Math.abs(v) : v), 0) / nUnits;
    });
    const unknown = [...new Set(words.filter((word) => !codes.has(word)))];
    return { words, unknown, logits, gates: { i: shown(i), f: shown(f), o: shown(o) }, cell: shown(c, true) };
  }

  const canvas = nnLive.canvas(WIDTH, HEAD);
  const status = nnLive.status();
  const verdict = (z) => `${z > 0 ? "positive" : "negative"} (logit ${z.toFixed(2)})`;

  function down(values, [left, width], low, high, color) {
    const context = canvas.getContext("2d");
    context.strokeStyle = nnLive.color(color);
    context.lineWidth = 2;
    context.beginPath();
    values.forEach((v, t) => context.lineTo(
      left + ((Math.min(Math.max(v, low), high) - low) / (high - low)) * width, HEAD + (t + 0.5) * ROW,
    ));
    context.stroke();
  }

  // Bars from the middle of a column, orange to the left for less than zero, blue to the right.
  function bars(values, [left, width], most) {
    const context = canvas.getContext("2d"), middle = left + width / 2;
    values.forEach((v, t) => {
      const length = Math.max(Math.min(v / most, 1), -1) * (width / 2);
      context.fillStyle = nnLive.color(v > 0 ? "blue" : "orange");
      context.fillRect(Math.min(middle, middle + length), HEAD + t * ROW + 4, Math.max(Math.abs(length), 1), ROW - 8);
    });
    context.fillStyle = nnLive.color("ink");
    context.fillRect(middle - 0.5, HEAD, 1, values.length * ROW);
  }

  const draw = nnLive.onNextFrame(() => {
    reading = read(text.value);
    const { words, unknown, logits, gates, cell } = reading;
    at = Math.min(at, words.length - 1);
    cursor.input.max = Math.max(words.length, 1);
    canvas.height = HEAD + Math.max(words.length, 1) * ROW + 4; // clears it, too
    const context = canvas.getContext("2d");
    if (at >= 0) {
      context.fillStyle = nnLive.color("ink");
      context.globalAlpha = 0.1;
      context.fillRect(0, HEAD + at * ROW, WIDTH, ROW);
      context.globalAlpha = 1;
    }
    [["i input", "green", -44], ["f forget", "orange", 0], ["o output", "purple", 48]].forEach(([name, color, dx]) =>
      label(canvas, name, GATES[0] + GATES[1] / 2 + dx, 10, { size: 11, color, align: "center" }));
    label(canvas, "0", GATES[0], 27, { size: 11, align: "center" });
    label(canvas, "1", GATES[0] + GATES[1], 27, { size: 11, align: "center" });
    label(canvas, unit < 0 ? "size of c" : "c", CELL[0] + CELL[1] / 2, 27, { size: 11, align: "center" });
    label(canvas, "−  so far  +", VERDICT[0] + VERDICT[1] / 2, 27, { size: 11, align: "center" });
    words.forEach((word, t) => label(canvas, codes.has(word) ? word : `${word} ?`, 4, HEAD + (t + 0.5) * ROW, {
      color: codes.has(word) ? "ink" : "wine",
    }));
    for (const edge of [GATES[0], GATES[0] + GATES[1]]) {
      context.fillStyle = nnLive.color("line");
      context.fillRect(edge, HEAD, 1, words.length * ROW);
    }
    for (const [name, values] of Object.entries(gates)) down(values, GATES, 0, 1, GATE_COLORS[name]);
    const largest = Math.max(...cell.map(Math.abs), 1e-6);
    if (unit < 0) down(cell, CELL, 0, largest, "ink");
    else bars(cell, CELL, largest);
    bars(logits, VERDICT, Math.max(MOST, ...logits.map(Math.abs)));
    report();
  }, figure);

  function report() {
    const { words, unknown, logits, gates, cell } = reading;
    const last = logits[words.length - 1], parts = [];
    parts.push(words.length ? `At the end: ${verdict(last)}.` : "Type a review, or choose one.");
    if (unknown.length) parts.push(`Not in the vocabulary, read as nothing: ${unknown.join(", ")}.`);
    if (at >= 0 && at < words.length - 1) parts.push(`Up to “${words[at]}”: ${verdict(logits[at])}.`);
    if (at >= 0) {
      const values = ["i", "f", "o"].map((name) => `${name} ${gates[name][at].toFixed(2)}`).join(", ");
      parts.push(`At “${words[at]}”: ${values}, ${unit < 0 ? "size of c" : "c"} ${cell[at].toFixed(2)}.`);
      cursor.set(at + 1);
    }
    status.textContent = parts.join(" ");
    canvas.setAttribute("aria-label", `Gates, cell state and verdict at each of ${words.length} words. ${status.textContent}`);
    figure.dataset.logit = words.length ? last.toFixed(4) : "";
    figure.dataset.soFar = Array.from(logits, (z) => z.toFixed(2)).join(" ");
  }

  const show = () => { at = Infinity; draw(); };
  const text = element("textarea", { rows: 4, spellcheck: "false", autocapitalize: "off", input: show });
  const stored = chooser("a review that it has not seen ", data.reviews.map((review, i) => [i, `${i + 1}: ${review.slice(0, 28)}…`]), (i) => {
    text.value = data.reviews[i];
    show();
  });
  const units = chooser("gates and cell state of ", [
    [-1, "all units, the mean"], ...Array.from({ length: nUnits }, (_, k) => [k, `unit ${k + 1}`]),
  ], (k) => { unit = Number(k); draw(); });
  const cursor = slider("look at word", { min: 1, max: 1, step: 1, value: 1, text: (n) => reading?.words[n - 1] ?? "" },
    (n) => { at = n - 1; draw(); });
  text.value = data.reviews[0];
  host.append(
    element("div", { class: "nn-live-controls" },
      stored.row,
      element("label", { class: "nn-live-field" }, "the review ", text),
      units.row, cursor.row, status),
    element("div", { class: "nn-live-plots" }, canvas),
  );
  show();
};
