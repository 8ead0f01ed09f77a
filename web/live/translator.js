// The chapter's translator: an English number is typed, the French words come one by one. Lines show
// where each head looked; the words given to the decoder can be spoilt, and its mask taken away.
(function () {
  "use strict";
  const { element, tensor, sum, softmax } = nnLive;
  const START = 1, END = 2, ROW = 22, TOP = 34, WIDTH = 336, LEFT = 112, RIGHT = 224;
  const COLORS = ["blue", "orange", "green", "purple"], DASHES = [[], [7, 3], [2, 2], [9, 3, 2, 3]];

  // Word numbers (batch, steps) -> rows (batch, steps, d): embeddings times the root of d, plus the
  // waves of the places from `first` on.
  function embedded(network, words, table, first = 0) {
    const rows = network.apply(table, [words]), [, steps, d] = rows.shape;
    rows.data.forEach((value, i) => {
      const place = first + (Math.floor(i / d) % steps), column = i % d;
      const angle = place / 10000 ** ((column - (column % 2)) / d);
      rows.data[i] = value * Math.sqrt(d) + (column % 2 ? Math.cos(angle) : Math.sin(angle));
    });
    return rows;
  }

  function feedForward(network, name, x) {
    const wide = network.apply(`${name}_ffn_wide`, [network.apply(`${name}_ffn_norm`, [x])]);
    return sum([x, network.apply(`${name}_ffn_back`, [wide])]);
  }

  // looked[name] is (batch, heads, rows that ask, columns that are asked), by name of the attention.
  function encode(network, english, nBlocks, looked) {
    const isWord = (i, j, b) => english.data[b * english.shape[1] + j] !== 0;
    let x = embedded(network, english, "english_words");
    for (let number = 0; number < nBlocks; number++) {
      const name = `encoder_${number}`, normed = network.apply(`${name}_self_norm`, [x]);
      const answer = network.apply(`${name}_self`, [normed, normed], isWord);
      looked[`${name}_self`] = answer.trace.looked;
      x = feedForward(network, name, sum([x, answer]));
    }
    return { states: network.apply("encoder_norm", [x]), isWord };
  }

  function extended(rows, more) {
    if (!rows) return more;
    const [batch, steps, d] = rows.shape;
    return tensor([batch, steps + more.shape[1], d], Float32Array.from([...rows.data, ...more.data]));
  }

  // With `kept`, the rows that earlier words had in each block, `french` holds the next word only.
  function decode(network, french, { states, isWord }, nBlocks, looked, { isCausal = true, kept = null } = {}) {
    const mayLook = (i, j) => !isCausal || kept !== null || j <= i;
    let y = embedded(network, french, "french_words", kept?.decoder_0?.shape[1]);
    for (let number = 0; number < nBlocks; number++) {
      const name = `decoder_${number}`, normed = network.apply(`${name}_self_norm`, [y]);
      const seen = kept ? (kept[name] = extended(kept[name], normed)) : normed;
      const own = network.apply(`${name}_self`, [normed, seen], mayLook);
      y = sum([y, own]);
      const asking = network.apply(`${name}_cross_norm`, [y]);
      const other = network.apply(`${name}_cross`, [asking, states], isWord);
      looked[`${name}_self`] = own.trace.looked;
      looked[`${name}_cross`] = other.trace.looked;
      y = feedForward(network, name, sum([y, other]));
    }
    return network.apply("next_word", [network.apply("decoder_norm", [y])]);
  }

  // The stored example is the logits of the last place, which has seen all others.
  nnLive.forward.translator = function (network, [english, french], { blocks }) {
    const logits = decode(network, french, encode(network, english, blocks, {}), blocks, {});
    const [batch, steps, words] = logits.shape, last = tensor([batch, words]);
    for (let b = 0; b < batch; b++) {
      last.data.set(logits.data.subarray((b * steps + steps - 1) * words, (b + 1) * steps * words), b * words);
    }
    return last;
  };

  const row = (numbers) => tensor([1, numbers.length], Float32Array.from(numbers));
  const rowOf = (table, i) => table.data.subarray(i * table.shape[2], (i + 1) * table.shape[2]);
  const largest = (values) => values.indexOf(Math.max(...values));

  const distance = (one, other) =>
    Math.max(0, ...one.flatMap((shares, i) => shares.map((share, word) => Math.abs(share - other[i][word]))));

  // The likeliest word after those before, again and again; always with the mask.
  function translate(network, encoded, blocks, longest) {
    const words = [START], kept = {};
    while (words.length < longest && words[words.length - 1] !== END) {
      const logits = decode(network, row(words.slice(-1)), encoded, blocks, {}, { kept });
      words.push(largest(logits.data));
    }
    return words.slice(1);
  }

  nnLive.figures.translator = function (host, data, [network], figure) {
    const { blocks, english, french } = data;
    const nHeads = network.byName.encoder_0_self.config.num_heads;
    const numberOf = new Map(english.map((word, number) => [word, number]));
    let place = 1, last = { text: null }, isSpoilt = false, isCausal = true, attention = `decoder_${blocks - 1}_cross`, head = "all";

    const shown = (h) => head === "all" || Number(head) === h;
    const split = (text) => text.toLowerCase().replaceAll(/[,-]/g, " ").split(/\s+/).filter(Boolean);

    // What the decoder says at every place, given all the words at once.
    function read(encoded, given, causal) {
      const looked = {};
      const shares = softmax(decode(network, row([START, ...given]), encoded, blocks, looked, { isCausal: causal }));
      return { looked, shares: Array.from({ length: given.length + 1 }, (_, i) => Array.from(rowOf(shares, i))) };
    }

    // The last translation is kept: a head or a mask changes nothing in it.
    function translated(words) {
      const text = words.join(" ");
      if (text === last.text) return last;
      const inEncoder = {}, encoded = encode(network, row(words.map((word) => numberOf.get(word))), blocks, inEncoder);
      last = { text, inEncoder, encoded, written: translate(network, encoded, blocks, data.steps[1]) };
      return last;
    }

    const canvas = nnLive.canvas(WIDTH, 100), status = nnLive.status();
    const answer = element("p", { class: "nn-live-answer", "aria-live": "polite" });
    const chances = nnLive.bars("Likeliest words at this place");

    function drawLines(asked, asking, weightOf) {
      canvas.height = TOP + ROW * Math.max(asked.length, asking.length);
      nnLive.clear(canvas);
      const context = canvas.getContext("2d"), y = (i) => TOP + ROW * (i + 0.5);
      const line = (h, i, j) => {
        const weight = weightOf(h, i, j), shift = head === "all" ? 3 * (h - (nHeads - 1) / 2) : 0;
        if (!shown(h) || weight < 0.02) return;
        context.strokeStyle = nnLive.color(COLORS[h % COLORS.length]);
        context.setLineDash(DASHES[h % DASHES.length]);
        context.globalAlpha = i === place - 1 ? 0.3 + 0.7 * weight : 0.25 * weight;
        context.lineWidth = 0.5 + 4 * weight;
        context.beginPath();
        context.moveTo(LEFT, y(j) + shift);
        context.lineTo(RIGHT, y(i) + shift);
        context.stroke();
      };
      context.fillStyle = nnLive.color("ink");
      context.globalAlpha = 0.12;
      context.fillRect(RIGHT + 2, y(place - 1) - ROW / 2, WIDTH - RIGHT - 2, ROW);
      for (let h = 0; h < nHeads; h++) asking.forEach((_, i) => asked.forEach((_, j) => line(h, i, j)));
      context.globalAlpha = 1;
      context.setLineDash([]);
      nnLive.label(canvas, "is looked at", LEFT - 8, TOP / 2, { align: "right" });
      nnLive.label(canvas, attention.startsWith("encoder") ? "asks" : "is to be written", RIGHT + 8, TOP / 2);
      asked.forEach((word, j) => nnLive.label(canvas, word, LEFT - 8, y(j), { align: "right" }));
      asking.forEach((word, i) => nnLive.label(canvas, word, RIGHT + 8, y(i)));
    }

    // The word that the heads shown look at most at this place, and their share on later words.
    function mostLookedAt(asked, asking, weightOf) {
      const heads = Array.from({ length: nHeads }, (_, h) => h).filter(shown);
      const mean = (i, j) => heads.reduce((sum, h) => sum + weightOf(h, i, j), 0) / heads.length;
      const here = asked.map((_, j) => mean(place - 1, j)), best = largest(here);
      const later = asking.flatMap((_, i) => asked.map((_, j) => (j > i ? mean(i, j) : 0)));
      return { most: asked[best], weight: here[best], later: later.reduce((a, v) => a + v, 0) / asking.length };
    }

    function tell(message) {
      status.textContent = message;
      answer.textContent = "";
      chances.set([]);
      nnLive.clear(canvas);
      canvas.setAttribute("aria-label", message);
      figure.dataset.translation = "";
    }

    function complaint(words) {
      const unknown = words.filter((word) => !(numberOf.get(word) > END));
      if (unknown.length) return `The network has no row for ${unknown.map((word) => `"${word}"`).join(", ")}: it knows ${english.length - END - 1} words and no other.`;
      if (!words.length) return "Type a number in English words.";
      return words.length < data.steps[0] ? null : `Its training had no number of more than ${data.steps[0] - 1} words.`;
    }

    const draw = nnLive.onNextFrame(() => {
      const words = split(typed.input.value), trouble = complaint(words);
      if (trouble) return tell(trouble);
      const { inEncoder, encoded, written } = translated(words), own = written.slice(0, -1);
      const other = data.others.find((word) => word !== own[own.length - 1]);
      const given = isSpoilt && own.length ? [...own.slice(0, -1), other] : own;
      const reading = read(encoded, given, isCausal);
      const unspoilt = isSpoilt ? read(encoded, own, isCausal) : reading;
      const change = distance(reading.shares.slice(0, own.length), unspoilt.shares);
      const asBefore = written.filter((word, i) => largest(reading.shares[i]) === word).length;

      const isEncoder = attention.startsWith("encoder");
      const asking = isEncoder ? words : written.map((number) => french[number]);
      const asked = attention.endsWith("cross") || isEncoder ? words : [START, ...given].map((number) => french[number]);
      const table = (isEncoder ? inEncoder : reading.looked)[attention];
      const weightOf = (h, i, j) => table.data[(h * asking.length + i) * asked.length + j];
      place = Math.min(place, asking.length);
      placeSlider.input.max = asking.length;
      placeSlider.set(place);
      drawLines(asked, asking, weightOf);

      const { most, weight, later } = mostLookedAt(asked, asking, weightOf);
      const looks = `${head === "all" ? "The heads together" : `Head ${Number(head) + 1}`}, at "${asking[place - 1]}": most weight on "${most}", ${weight.toFixed(2)}.`;
      const said = isSpoilt
        ? `Its last word is now "${french[other]}": up to the place where it was written, probabilities change by ${change.toFixed(3)} at most.`
        : `Given all its words at once, it says the same word at ${asBefore} of ${written.length} places.`;
      const isWhole = written[written.length - 1] === END;
      answer.textContent = own.map((number) => french[number]).join(" ") + (isWhole ? "" : " …");
      const here = reading.shares[Math.min(place, written.length) - 1];
      chances.set(here.map((share, number) => [french[number] || "(empty)", share])
        .sort((a, b) => b[1] - a[1]).slice(0, 4));
      status.textContent = `${looks} ${said}`;
      canvas.setAttribute("aria-label", `Lines from words that ask to words that are looked at. ${looks}`);
      Object.assign(figure.dataset, {
        translation: answer.textContent, change, same: asBefore / written.length, later, most,
      });
    }, figure);

    const typed = nnLive.field('A number in English words, with "and"', data.examples[0], () => { place = 1; draw(); });
    const examples = data.examples.map((text) => nnLive.button(text, () => {
      typed.input.value = text;
      place = 1;
      draw();
    }));
    const numbers = Array.from({ length: blocks }, (_, number) => number).reverse();
    const kinds = { decoder_cross: "decoder, to the English words", decoder_self: "decoder, to the words so far", encoder_self: "encoder, to the English words" };
    const attentions = nnLive.chooser("attention", Object.entries(kinds).flatMap(([kind, text]) =>
      numbers.map((number) => [kind.replace("_", `_${number}_`), `${text}, block ${number + 1}`])),
      (value) => { attention = value; draw(); });
    const heads = nnLive.chooser("head", [["all", "all"], ...Array.from({ length: nHeads }, (_, h) => [h, `${h + 1}`])],
      (value) => { head = value; draw(); });
    const placeSlider = nnLive.slider("place", { min: 1, max: data.steps[1], step: 1, value: place, text: (v) => `${v}` },
      (value) => { place = value; draw(); });
    const box = (text, isOn, changed) => {
      const input = element("input", { type: "checkbox", change: () => { changed(input.checked); draw(); } });
      input.checked = isOn;
      return element("label", { class: "nn-live-field" }, input, ` ${text}`);
    };
    host.append(
      element("div", { class: "nn-live-plots" }, canvas),
      element("div", { class: "nn-live-controls" },
        typed.row, element("div", { class: "nn-live-buttons", role: "group", "aria-label": "Examples" }, ...examples),
        answer, attentions.row, heads.row, placeSlider.row, chances.list,
        box("causal mask", isCausal, (isOn) => { isCausal = isOn; }),
        box("replace its last word by another", isSpoilt, (isOn) => { isSpoilt = isOn; }),
        status),
    );
    draw();
  };
})();
