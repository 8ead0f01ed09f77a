// A recurrent network reads what is typed, letter by letter: its state after each, what it expects
// next, and how long one letter makes a difference.
nnLive.figures.characters = function (host, data, networks, figure) {
  "use strict";
  const { element, tensor, slider, button, label } = nnLive;
  const SHOWN = 32, CELL = 10, LEFT = 14, TOP = 18, HIGH = 256, UNDER = 86; // pixels
  const WIDTH = LEFT + SHOWN * CELL + 2, READ = 64; // letters that it reads, as in training
  const [network] = networks;
  const recurrent = network.layers.find(({ type }) => type === "SimpleRNN").name;
  const nUnits = network.byName[recurrent].config.units;
  const alphabet = Array.from(data.alphabet), codes = new Map(alphabet.map((letter, i) => [letter, i + 1]));
  const nCodes = alphabet.length + 1; // code 0 is any other
  const NAMES = { " ": "space", "\n": "new line" };
  const named = (letter) => NAMES[letter] ?? letter;
  let temperature = 0.5, back = 0; // the letter replaced stands so many places before the end

  // States (letters, units), and the chances of what comes next; code 0 is never written.
  function read(letters) {
    const row = Float32Array.from(letters, (letter) => codes.get(letter) ?? 0);
    const { values, output } = network.run(tensor([1, letters.length], row));
    return { states: values[recurrent].data, logits: output.data.slice(-nCodes + 1) };
  }
  const chances = (logits, heat = 1) =>
    nnLive.softmax(tensor([1, logits.length], logits.map((z) => z / heat))).data;

  const canvas = nnLive.canvas(WIDTH, TOP + HIGH + UNDER);
  const status = nnLive.status();
  const expected = nnLive.bars("The likeliest next letters; choose one to add it", (name) => {
    add(alphabet.find((letter) => named(letter) === name));
  });

  const draw = nnLive.onNextFrame(() => {
    const all = Array.from(text.value), letters = all.slice(-READ);
    const unknown = [...new Set(all.filter((letter) => !codes.has(letter)))];
    replace.input.max = Math.max(letters.length - 1, 0);
    nnLive.clear(canvas);
    if (!letters.length) {
      expected.set([]);
      status.textContent = "Type something.";
      canvas.setAttribute("aria-label", status.textContent);
      return;
    }
    const { states, logits } = read(letters), p = chances(logits);
    const best = Array.from(p.keys()).sort((a, b) => p[b] - p[a]).slice(0, 8);
    setBars(best.map((i) => [named(alphabet[i]), p[i]]));
    const count = Math.min(SHOWN, letters.length), first = letters.length - count;
    const color = nnLive.diverging();
    nnLive.paint(canvas, nUnits, count,
      (k) => color(states[(first + (k % count)) * nUnits + Math.floor(k / count)]),
      [LEFT, TOP, count * CELL, HIGH]);
    label(canvas, `${nUnits} units`, 6, TOP + HIGH / 2, { size: 11, align: "center", turn: -Math.PI / 2 });
    const place = letters.length - 1 - back;
    for (let t = first; t < letters.length; t++) {
      label(canvas, { " ": "·", "\n": "↵" }[letters[t]] ?? letters[t], LEFT + (t - first + 0.5) * CELL, 9,
        { align: "center", color: back && t === place ? "wine" : codes.has(letters[t]) ? "ink" : "orange" });
    }
    const sentences = [`Likeliest next: “${named(alphabet[best[0]])}” with probability ${p[best[0]].toFixed(2)}.`];
    if (unknown.length) sentences.push(`Not in its alphabet, all read as the same other letter: ${unknown.map(named).join(" ")}.`);
    if (back) sentences.push(trace(letters, states, p, place, first, count));
    else label(canvas, "choose a letter to replace", LEFT + 4, TOP + HIGH + UNDER / 2, { size: 11 });
    status.textContent = sentences.join(" ");
    canvas.setAttribute("aria-label", `The state of ${nUnits} units after each of the last ${count} letters. ${status.textContent}`);
    figure.dataset.next = named(alphabet[best[0]]);
    figure.dataset.read = letters.length;
  }, figure);

  // Read again with one letter replaced: how far are the states apart, and the answers at the end?
  function trace(letters, states, p, place, first, count) {
    const old = letters[place], other = old === "e" ? "q" : "e";
    const changed = read(letters.map((letter, t) => (t === place ? other : letter)));
    const apart = Array.from({ length: letters.length }, (_, t) => {
      let sum = 0;
      for (let k = t * nUnits; k < (t + 1) * nUnits; k++) sum += (states[k] - changed.states[k]) ** 2;
      return Math.sqrt(sum / nUnits);
    });
    const most = Math.max(...apart);
    const top = TOP + HIGH + 20;
    label(canvas, `distance of the two states, at most ${most.toFixed(2)}`, LEFT, top - 9, { size: 11 });
    nnLive.lines(canvas, [{ values: apart.slice(first), color: nnLive.color("wine") }],
      { low: 0, high: Math.max(most, 0.01), box: [LEFT, top, count * CELL, UNDER - 24] });
    const q = chances(changed.logits);
    const change = p.reduce((sum, v, i) => sum + Math.abs(v - q[i]), 0) / 2;
    figure.dataset.apart = apart.slice(place).map((v) => v.toFixed(4)).join(" ");
    figure.dataset.change = change.toFixed(4);
    return `With “${other}” in place of “${named(old)}”, ${back} letters before the end, ` +
      `the states end ${apart[apart.length - 1].toFixed(3)} apart, and ${(100 * change).toFixed(1)} % of the probability lies elsewhere.`;
  }

  // Bars are made anew; who used them by keyboard keeps the place.
  function setBars(rows) {
    const buttons = () => [...expected.list.querySelectorAll("button")];
    const held = buttons().indexOf(document.activeElement);
    expected.set(rows);
    if (held >= 0) buttons()[held]?.focus();
  }

  function add(letters) {
    text.value += letters;
    draw();
  }
  function write(n) {
    let letters = Array.from(text.value || " ");
    for (let i = 0; i < n; i++) {
      const p = chances(read(letters.slice(-READ)).logits, temperature);
      let left = Math.random(), k = 0;
      while (k < p.length - 1 && (left -= p[k]) > 0) k++;
      letters.push(alphabet[k]);
    }
    text.value = letters.join("");
    draw();
  }

  const text = element("textarea", { rows: 4, spellcheck: "false", autocapitalize: "off", autocomplete: "off", input: draw });
  text.value = data.start;
  const replace = slider("replace a letter", { min: 0, max: 0, step: 1, value: 0, text: (n) => (n ? `${n} before the end` : "none") },
    (n) => { back = n; draw(); });
  const heat = slider("temperature", { min: 0.1, max: 1.5, step: 0.1, value: temperature, text: (v) => v.toFixed(1) },
    (v) => { temperature = v; });
  host.append(
    element("div", { class: "nn-live-controls" },
      element("label", { class: "nn-live-field" }, "what it reads ", text),
      expected.list,
      replace.row, heat.row,
      element("div", { class: "nn-live-buttons" },
        button("Write 20 letters", () => write(20)),
        button("Start again", () => { text.value = data.start; back = 0; replace.set(0); draw(); })),
      status),
    element("div", { class: "nn-live-plots" }, canvas),
  );
  draw();
};
