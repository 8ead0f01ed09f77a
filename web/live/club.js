// The karate club and its graph convolution: join and part members, move them about, and see which
// messages reach a member in each layer and what the network then answers.
(function () {
  "use strict";
  const { element, tensor, product } = nnLive;

  // The normalised adjacency matrix of the chapter, every node joined to itself.
  function smoother(edges, n) {
    const matrix = tensor([n, n]), degrees = new Float32Array(n).fill(1);
    for (const [i, j] of edges) { degrees[i] += 1; degrees[j] += 1; }
    const join = (i, j) => { matrix.data[i * n + j] = 1 / Math.sqrt(degrees[i] * degrees[j]); };
    for (const [i, j] of edges) { join(i, j); join(j, i); }
    for (let i = 0; i < n; i++) join(i, i);
    return matrix;
  }

  // What is sent in each layer, (nodes, numbers), before it is weighed, and the logits.
  function pass(network, features, matrix) {
    const [first, second] = network.layers.map(({ own }) => own.kernel);
    const sent = [product(features, first)];
    const hidden = nnLive.activated("relu", product(matrix, sent[0]));
    sent.push(product(hidden, second));
    return { sent, logits: product(matrix, sent[1]) };
  }

  nnLive.forward.club = (network, [features], { edges }) =>
    pass(network, features, smoother(edges, features.shape[0])).logits;

  nnLive.figures.club = function (host, data, [network], figure) {
    const WIDTH = 420, HEIGHT = 300, EDGE = 22, REACH = 14;
    const n = data.places.length, original = data.edges.map(([i, j]) => key(i, j));
    const edges = new Set(original);
    const features = tensor([n, n], Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) ? 0 : 1)));
    let places = data.places.map((place) => [...place]), selected = data.start, changesEdges = false, now;

    function key(i, j) { return `${Math.min(i, j)} ${Math.max(i, j)}`; }
    const pairs = () => [...edges].map((text) => text.split(" ").map(Number));
    const side = (chance) => data.sides[chance > 0.5 ? 1 : 0];

    function answer() {
      const matrix = smoother(pairs(), n), { sent, logits } = pass(network, features, matrix);
      const chances = Array.from({ length: n }, (_, i) => nnLive.softmax(tensor([1, 2], logits.data.slice(2 * i, 2 * i + 2))).data[1]);
      return { matrix, sent, chances };
    }
    const before = answer().chances;

    // Who sends to the selected node: weight, length of the message in layer 1, pull in layer 2.
    function messages() {
      const [first, second] = now.sent, width = first.shape[1], senders = [];
      for (let j = 0; j < n; j++) {
        const weight = now.matrix.data[selected * n + j];
        if (!weight) continue;
        const length = Math.hypot(...first.data.subarray(j * width, (j + 1) * width));
        const pull = second.data[2 * j + 1] - second.data[2 * j];
        senders.push({ from: j, weight, length: weight * length, pull: weight * pull });
      }
      return senders;
    }

    const canvas = nnLive.canvas(WIDTH, HEIGHT, { class: "nn-live-pad" });
    const status = nnLive.status();
    const table = element("tbody");
    const at = ([x, y]) => [EDGE + x * (WIDTH - 2 * EDGE), EDGE + y * (HEIGHT - 2 * EDGE)];

    const draw = nnLive.onNextFrame(() => {
      now = answer();
      const senders = messages(), context = canvas.getContext("2d"), color = nnLive.diverging();
      const line = (i, j, style, width) => {
        context.strokeStyle = style;
        context.lineWidth = width;
        context.beginPath();
        context.moveTo(...at(places[i]));
        context.lineTo(...at(places[j]));
        context.stroke();
      };
      nnLive.clear(canvas);
      for (const [i, j] of pairs()) line(i, j, nnLive.color("line"), 1);
      const most = Math.max(...senders.map(({ pull }) => Math.abs(pull)), 1e-6);
      for (const { from, pull } of senders) {
        if (from !== selected) line(from, selected, nnLive.color(pull > 0 ? "orange" : "blue"), 1 + (5 * Math.abs(pull)) / most);
      }
      places.forEach((place, i) => {
        const [x, y] = at(place), radius = data.leaders.includes(i) ? 14 : 10;
        context.fillStyle = `rgb(${color(2 * now.chances[i] - 1).map(Math.round)})`;
        context.strokeStyle = nnLive.color("ink");
        context.lineWidth = i === selected ? 4 : 1;
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
        context.stroke();
        if ((now.chances[i] > 0.5) !== (before[i] > 0.5)) {
          context.lineWidth = 2;
          context.setLineDash([3, 3]);
          context.beginPath();
          context.arc(x, y, radius + 4, 0, 2 * Math.PI);
          context.stroke();
          context.setLineDash([]);
        }
        const isStrong = Math.abs(now.chances[i] - 0.5) > 0.3;
        nnLive.label(canvas, `${i}`, x, y, { size: 11, align: "center", color: isStrong ? "paper" : "ink" });
      });
      table.replaceChildren(...senders.map(({ from, weight, length, pull }) => element("tr", {},
        element("th", { scope: "row" }, from === selected ? `${from}, itself` : `${from}`),
        ...[weight.toFixed(3), length.toFixed(2), `${pull > 0 ? "+" : "−"}${Math.abs(pull).toFixed(2)}`].map((text) => element("td", {}, text)))));
      const flipped = now.chances.filter((chance, i) => (chance > 0.5) !== (before[i] > 0.5)).length;
      const chance = now.chances[selected];
      status.textContent = `Member ${selected} goes to ${side(chance)}, probability ${Math.max(chance, 1 - chance).toFixed(3)} `
        + `(as the club was: ${side(before[selected])}, ${Math.max(before[selected], 1 - before[selected]).toFixed(3)}). `
        + `${edges.size} edges; ${flipped} of ${n} members changed sides.`;
      canvas.setAttribute("aria-label", `The club, every member coloured by the side that the network gives. ${status.textContent}`);
      toggle.textContent = edges.has(key(selected, other())) ? `Part ${selected} and ${other()}` : `Join ${selected} and ${other()}`;
      toggle.disabled = other() === selected;
      Object.assign(figure.dataset, {
        chances: now.chances.map((c) => c.toFixed(5)).join(" "), flipped, edges: edges.size,
      });
    }, figure);

    function change(i, j) {
      if (i === j) return;
      if (!edges.delete(key(i, j))) edges.add(key(i, j));
      draw();
    }
    const select = (i) => { selected = i; members.select.value = i; draw(); };

    const numbers = data.places.map((_, i) => [i, `${i}`]);
    const members = nnLive.chooser("member", numbers, (i) => select(Number(i)));
    const partners = nnLive.chooser("and member", numbers, () => draw());
    const other = () => Number(partners.select.value);
    const toggle = nnLive.button("Join", () => change(selected, other()));
    members.select.value = selected;
    partners.select.value = data.partner;
    const mode = element("button", {
      type: "button", "aria-pressed": "false",
      click() {
        changesEdges = !changesEdges;
        mode.setAttribute("aria-pressed", changesEdges);
      },
    }, "Clicks join or part");

    // A press that moves drags the member; one that does not is a click.
    let held = null;
    const pointed = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT];
    };
    const gap = ([a, b], [c, d]) => Math.hypot(a - c, b - d);
    canvas.addEventListener("pointerdown", (event) => {
      const start = pointed(event), gaps = places.map((place) => gap(at(place), start));
      const nearest = gaps.indexOf(Math.min(...gaps));
      if (gaps[nearest] > 1.5 * REACH) return;
      canvas.setPointerCapture(event.pointerId);
      held = { node: nearest, start, isMoving: false };
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!held) return;
      const place = pointed(event);
      held.isMoving ||= gap(place, held.start) > 4;
      if (!held.isMoving) return;
      const inside = (v, length) => Math.min(Math.max((v - EDGE) / (length - 2 * EDGE), 0), 1);
      places[held.node] = [inside(place[0], WIDTH), inside(place[1], HEIGHT)];
      draw();
    });
    canvas.addEventListener("pointerup", () => {
      if (held && !held.isMoving) changesEdges ? change(selected, held.node) : select(held.node);
      held = null;
    });
    canvas.addEventListener("pointercancel", () => { held = null; });

    const circle = () => {
      places = places.map((_, i) => [0, 1].map((axis) => 0.5 + 0.5 * Math.cos((2 * Math.PI * i) / n - (axis * Math.PI) / 2)));
      draw();
    };
    const reset = () => {
      edges.clear();
      original.forEach((text) => edges.add(text));
      places = data.places.map((place) => [...place]);
      draw();
    };
    const heads = ["from", "weight", "layer 1: length", "layer 2: pull"];
    host.append(
      element("div", { class: "nn-live-plots", style: `flex-basis: ${WIDTH}px` }, canvas),
      element("div", { class: "nn-live-controls" },
        members.row, partners.row,
        element("div", { class: "nn-live-buttons" }, toggle, mode,
          nnLive.button("Place all on a circle", circle), nnLive.button("The club as it was", reset)),
        status),
      element("div", { class: "nn-live-controls" },
        element("table", { class: "nn-live-messages" },
          element("caption", {}, "Messages that reach the member"),
          element("thead", {}, element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)))),
          table)),
    );
    draw();
  };
})();
