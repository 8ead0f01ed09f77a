// A GRU reads the opening of a chorale and goes on by itself. The reader may change the notes, and
// take a gate away from the network: hold it at one value.
nnLive.figures.chorale = function (host, data, networks, figure) {
  "use strict";
  const { element, tensor, chooser, button, label } = nnLive;
  const KEYS = 88, LOW = 19, HIGH = 64; // keys that are drawn: E2 to C6
  const ROWS = HIGH - LOW, SIDE = 336, LEFT = 26, HEARD = data.openings[0].length, DRAWN = 24, ALL = HEARD + DRAWN;
  const ROW = 7, SMALL = 4, GATES = 70, SECONDS = 0.3; // of a frame
  const [network] = networks;
  const recurrent = network.layers.find(({ type }) => type === "GRU").name;
  const { own, config: { units: nUnits } } = network.byName[recurrent];
  const learned = Object.fromEntries(Object.entries(own).map(([name, { data: values }]) => [name, values.slice()]));
  const held = { z: "", r: "" }; // a gate's value, or its own
  let roll = [], cursor = [0, 24], seed = 1, playing = null;

  const silence = () => new Float32Array(KEYS);
  const sigmoid = (z) => (1 + Math.tanh(z / 2)) / 2;
  const keyName = (key) => {
    const midi = key + data.lowest;
    return `${["C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B"][midi % 12]}${Math.floor(midi / 12) - 1}`;
  };

  // A gate whose weights are zero says what its bias says: 0, one half or 1, whatever it reads.
  function holdGates() {
    for (const [name, values] of Object.entries(learned)) own[name].data.set(values);
    ["z", "r"].forEach((gate, block) => {
      if (held[gate] === "") return;
      const logit = { 0: -40, 0.5: 0, 1: 40 }[held[gate]];
      for (const { shape: [rows], data: values } of [own.kernel, own.recurrent_kernel, own.bias])
        for (let row = 0; row < rows; row++)
          values.fill(0, (3 * row + block) * nUnits, (3 * row + block + 1) * nUnits);
      own.bias.data.fill(logit, block * nUnits, (block + 1) * nUnits);
    });
  }

  // Probabilities of every frame, each from the frames before it, and the mean of each gate.
  function listen(frames) {
    const steps = frames.length, heard = new Float32Array(steps * KEYS);
    frames.slice(0, -1).forEach((frame, t) => heard.set(frame, (t + 1) * KEYS));
    const { values, output } = network.run(tensor([1, steps, KEYS], heard));
    const mean = (gate) => Array.from({ length: steps }, (_, t) =>
      values[recurrent].trace[gate].data.subarray(t * nUnits, (t + 1) * nUnits).reduce((a, v) => a + v, 0) / nUnits);
    return { p: output.data.map(sigmoid), logits: output.data, z: mean("z"), r: mean("r") };
  }

  // The same numbers for the same seed, so that continuations differ by the network alone.
  function uniform(start) {
    let state = start;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }
  function compose() {
    const random = uniform(seed), frames = [...roll];
    while (frames.length < ALL) {
      const { p } = listen([...frames, silence()]);
      const next = p.slice(-KEYS).map((chance) => (random() < chance ? 1 : 0));
      frames.push(next);
    }
    return frames;
  }

  // Nats: log(1 + exp(-z)) for a key that sounds, log(1 + exp(z)) for one that does not.
  const nats = (z, isOn) => Math.max(isOn ? -z : z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  const surprise = ({ logits }) => roll.reduce((sum, frame, t) =>
    sum + frame.reduce((all, on, key) => all + nats(logits[t * KEYS + key], on), 0), 0) / HEARD;
  const surpriseOfTable = () => roll.reduce((sum, frame, t) => sum + frame.reduce((all, on, key) => {
    const p = data.markov[t && roll[t - 1][key] ? 1 : 0][key];
    return all - Math.log(on ? p : 1 - p);
  }, 0), 0) / HEARD;

  const opening = element("canvas", {
    width: SIDE, height: ROWS * ROW + 2, tabindex: 0, role: "application",
    "aria-label": "The opening: arrow keys move, Enter sets or removes a note",
  });
  const whole = nnLive.canvas(SIDE, ROWS * SMALL + GATES + 34);
  const status = nnLive.status();
  const place = element("p", { role: "status", class: "nn-live-place" });
  let music, answer;

  // Notes over probabilities; every C has its name.
  function drawRoll(canvas, frames, p, row, top) {
    const context = canvas.getContext("2d"), width = (SIDE - LEFT - 4) / frames.length;
    const [paper, blue, ink] = ["paper", "blue", "ink"].map(nnLive.rgb);
    nnLive.paint(canvas, ROWS, frames.length, (i) => {
      const t = i % frames.length, key = HIGH - 1 - Math.floor(i / frames.length);
      return nnLive.mixed(paper, blue, 0.75 * p[t * KEYS + key]);
    }, [LEFT, top, width * frames.length, ROWS * row]);
    context.fillStyle = `rgb(${ink.join(" ")})`;
    frames.forEach((frame, t) => {
      for (let key = LOW; key < HIGH; key++)
        if (frame[key]) context.fillRect(LEFT + t * width + 1, top + (HIGH - 1 - key) * row + 0.5, width - 2, row - 1);
    });
    for (let key = LOW; key < HIGH; key++)
      if ((key + data.lowest) % 12 === 0) label(canvas, keyName(key), LEFT - 4, Math.max(top + (HIGH - key - 0.5) * row, 7), { size: 11, align: "right" });
    return width;
  }

  const draw = nnLive.onNextFrame(() => {
    if (!music) {
      holdGates();
      music = compose();
      answer = listen(music);
    }
    const mine = surprise(answer), table = surpriseOfTable(), { color } = nnLive;
    nnLive.clear(opening);
    const wide = drawRoll(opening, music.slice(0, HEARD), answer.p, ROW, 1);
    let context = opening.getContext("2d");
    context.strokeStyle = color("orange");
    context.lineWidth = 2;
    context.strokeRect(LEFT + cursor[0] * wide, 1 + (HIGH - 1 - cursor[1]) * ROW, wide, ROW);
    nnLive.clear(whole);
    const narrow = drawRoll(whole, music, answer.p, SMALL, 2);
    context = whole.getContext("2d");
    context.fillStyle = color("orange");
    context.fillRect(LEFT + HEARD * narrow - 1, 2, 2, ROWS * SMALL);
    const top = ROWS * SMALL + 28;
    label(whole, "update gate z", LEFT + 4, top - 14, { color: "blue" });
    label(whole, "reset gate r", LEFT + 110, top - 14, { color: "wine" });
    label(whole, "1", LEFT - 6, top + 4, { size: 11, align: "right" });
    label(whole, "0", LEFT - 6, top + GATES - 4, { size: 11, align: "right" });
    nnLive.lines(whole, [{ values: answer.z, color: color("blue") }, { values: answer.r, color: color("wine"), dash: [5, 3] }],
      { low: 0, high: 1, box: [LEFT, top, narrow * ALL, GATES] });
    status.textContent = `The opening surprises the network by ${mine.toFixed(2)} nats per frame; the Markov table by ${table.toFixed(2)}.`;
    whole.setAttribute("aria-label", `${HEARD} frames that were heard, then ${DRAWN} that the network drew, and its gates. ${status.textContent}`);
    tell();
    figure.dataset.surprise = mine.toFixed(4);
    figure.dataset.table = table.toFixed(4);
    figure.dataset.drawn = music.slice(HEARD).map((frame) => Array.from(frame.keys()).filter((key) => frame[key]).join(",")).join(" ");
    figure.dataset.gates = [answer.z, answer.r].map((gate) => (gate.reduce((a, v) => a + v, 0) / ALL).toFixed(3)).join(" ");
  }, figure);

  function change() {
    stop();
    music = null;
    draw();
  }
  function tell() {
    const [t, key] = cursor;
    place.textContent = `Frame ${t + 1}, ${keyName(key)}: ${roll[t][key] ? "sounds" : "silent"}.`;
  }
  function toggle() {
    const [t, key] = cursor;
    roll[t][key] = 1 - roll[t][key];
    change();
  }
  opening.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (step) {
      cursor = [Math.min(Math.max(cursor[0] + step[0], 0), HEARD - 1), Math.min(Math.max(cursor[1] + step[1], LOW), HIGH - 1)];
      draw();
    } else if (event.key === "Enter" || event.key === " ") toggle();
    else return;
    event.preventDefault();
  });
  opening.addEventListener("click", (event) => {
    const box = opening.getBoundingClientRect(), scale = SIDE / box.width, wide = (SIDE - LEFT - 4) / HEARD;
    const t = Math.floor(((event.clientX - box.left) * scale - LEFT) / wide);
    const key = HIGH - 1 - Math.floor(((event.clientY - box.top) * scale - 2) / ROW);
    if (t < 0 || t >= HEARD || key < LOW || key >= HIGH) return;
    cursor = [t, key];
    toggle();
  });

  // Sound begins with a click and never by itself; a key that is held sounds on.
  function play() {
    if (playing) { stop(); return; }
    const context = new AudioContext(), start = context.currentTime + 0.1;
    const wave = context.createPeriodicWave(Float32Array.of(0, 0, 0, 0), Float32Array.of(0, 1, 1 / 4, 1 / 9));
    for (let key = 0; key < KEYS; key++)
      for (let t = 0; t < ALL; t++) {
        if (!music[t][key] || (t && music[t - 1][key])) continue;
        let end = t;
        while (end < ALL && music[end][key]) end++;
        const tone = context.createOscillator(), loudness = context.createGain();
        tone.setPeriodicWave(wave);
        tone.frequency.value = 440 * 2 ** ((key + data.lowest - 69) / 12);
        const [from, to] = [start + t * SECONDS, start + end * SECONDS];
        loudness.gain.setValueAtTime(0, from);
        loudness.gain.linearRampToValueAtTime(0.12, from + 0.01);
        loudness.gain.setTargetAtTime(0, from + 0.01, 0.7);
        loudness.gain.setTargetAtTime(0, to - 0.04, 0.01);
        tone.connect(loudness).connect(context.destination);
        tone.start(from);
        tone.stop(to);
      }
    playing = { context, timer: setTimeout(stop, (ALL * SECONDS + 0.5) * 1000) };
    player.textContent = "Stop";
  }
  function stop() {
    if (!playing) return;
    clearTimeout(playing.timer);
    playing.context.close();
    playing = null;
    player.textContent = "Listen";
  }

  function begin(number) {
    roll = data.openings[number].map((keys) => {
      const frame = silence();
      for (const key of keys) frame[key] = 1;
      return frame;
    });
    change();
  }
  const openings = chooser("opening of ", data.names.map((name, i) => [i, name]), (i) => begin(i));
  const holders = [["z", "update gate z"], ["r", "reset gate r"]].map(([gate, name]) =>
    chooser(`${name} `, [["", "its own"], ["0", "held at 0"], ["0.5", "held at 1/2"], ["1", "held at 1"]],
      (value) => { held[gate] = value; change(); }));
  const player = button("Listen", play);
  host.append(
    element("div", { class: "nn-live-controls" },
      openings.row, ...holders.map(({ row }) => row),
      element("div", { class: "nn-live-buttons" },
        player,
        button("Draw again", () => { seed += 1; change(); }),
        button("Bach's notes", () => begin(openings.select.value))),
      status, place),
    element("div", { class: "nn-live-plots" }, opening, whole),
  );
  begin(0);
};
