// What the scripts of live figures share: elements, sliders, drawing.
(function () {
  "use strict";

  // An element with attributes and children; an attribute that is a function listens.
  nnLive.element = function (tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") made.addEventListener(name, value);
      else if (value !== null) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const { element } = nnLive;

  // A labelled slider; its value stands beside it.
  nnLive.slider = function (label, { min, max, step, value, text = (v) => v.toFixed(2) }, moved) {
    const shown = element("output");
    const input = element("input", { type: "range", min, max, step });
    const set = (number) => {
      input.value = number;
      shown.textContent = text(number);
      input.setAttribute("aria-valuetext", text(number));
    };
    input.addEventListener("input", () => {
      set(Number(input.value));
      moved(Number(input.value));
    });
    set(value);
    return { row: element("label", { class: "nn-live-slider" }, `${label} `, input, shown), set, input };
  };

  nnLive.button = (text, click) => element("button", { type: "button", click }, text);

  // A labelled list to choose from: options are [value, text] pairs.
  nnLive.chooser = function (label, options, chosen) {
    const select = element("select", { change: () => chosen(select.value) },
      ...options.map(([value, text]) => element("option", { value }, text)));
    return { row: element("label", { class: "nn-live-field" }, `${label} `, select), select };
  };

  // A line of text to type into.
  nnLive.field = function (label, value, typed) {
    const input = element("input", {
      type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      input: () => typed(input.value),
    });
    input.value = value;
    return { row: element("label", { class: "nn-live-field" }, label, input), input };
  };

  nnLive.status = () => element("p", { role: "status", class: "nn-live-status" });

  // Shares as bars of text; each is a button if something happens when it is chosen.
  nnLive.bars = function (label, chosen = null) {
    const list = element("ul", { class: "nn-live-bars", "aria-label": label });
    const set = (rows) => list.replaceChildren(...rows.map(([name, share]) => {
      const bar = element("span", { class: "nn-live-bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", share);
      const inside = [element("span", { class: "nn-live-name" }, name), bar,
        element("span", { class: "nn-live-share" }, share.toFixed(3))];
      return element("li", {}, chosen
        ? element("button", { type: "button", click: () => chosen(name) }, ...inside)
        : element("div", {}, ...inside));
    }));
    return { list, set };
  };

  // Asks for a drawing on the next frame, once however often it is called before.
  nnLive.onNextFrame = function (draw, figure) {
    let isWaiting = false;
    return () => {
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(() => {
        isWaiting = false;
        const before = performance.now();
        draw();
        figure.dataset.milliseconds = (performance.now() - before).toFixed(1);
      });
    };
  };

  nnLive.color = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--nnbook-${name}`).trim();
  nnLive.rgb = (name) =>
    nnLive.color(name).match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16));
  nnLive.mixed = (from, to, share) => from.map((v, i) => v + (to[i] - v) * share);
  nnLive.fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

  // Colours from blue at -1 over the paper at 0 to orange at 1.
  nnLive.diverging = function () {
    const [paper, blue, orange] = ["paper", "blue", "orange"].map(nnLive.rgb);
    return (v) => nnLive.mixed(paper, v > 0 ? orange : blue, Math.min(Math.abs(v), 1));
  };

  nnLive.canvas = (width, height, attributes = {}) =>
    element("canvas", { width, height, role: "img", ...attributes });

  // Paints a table of colours, colorOf(place) being [red, green, blue], over a part of a canvas.
  nnLive.paint = function (target, rows, columns, colorOf, [x, y, width, height] = [0, 0, target.width, target.height]) {
    const context = target.getContext("2d");
    const small = element("canvas", { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    for (let i = 0; i < rows * columns; i++) image.data.set([...colorOf(i), 255], 4 * i);
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, x, y, width, height);
  };

  // Draws several lines over equal steps; lines are {values, color, dash}.
  nnLive.lines = function (target, lines, { low, high, box: [x, y, width, height], zero = null }) {
    const context = target.getContext("2d");
    const place = (v) => y + height - ((Math.min(Math.max(v, low), high) - low) / (high - low)) * height;
    const stroke = (color, dash, points) => {
      context.strokeStyle = color;
      context.setLineDash(dash);
      context.lineWidth = 2;
      context.beginPath();
      points.forEach(([a, b], i) => (i ? context.lineTo(a, b) : context.moveTo(a, b)));
      context.stroke();
      context.setLineDash([]);
    };
    stroke(nnLive.color("line"), [], [[x, y], [x, y + height], [x + width, y + height]]);
    if (zero !== null) stroke(nnLive.color("line"), [3, 3], [[x, place(zero)], [x + width, place(zero)]]);
    for (const { values, color, dash = [] } of lines) {
      stroke(color, dash, Array.from(values, (v, i) => [x + ((i + 0.5) / values.length) * width, place(v)]));
    }
  };

  nnLive.label = function (target, text, x, y, { size = 12, color = "ink", align = "left", turn = 0 } = {}) {
    const context = target.getContext("2d");
    context.save();
    context.translate(x, y);
    context.rotate(turn);
    context.font = `${size}px sans-serif`;
    context.fillStyle = color.startsWith("#") ? color : nnLive.color(color);
    context.textAlign = align;
    context.textBaseline = "middle";
    context.fillText(text, 0, 0);
    context.restore();
  };

  nnLive.clear = (target) => target.getContext("2d").clearRect(0, 0, target.width, target.height);

  // A plane to point at, by mouse, finger or arrow keys: moved([x, y]) gets places from -1 to 1.
  nnLive.pad = function (label, side, moved) {
    const canvas = element("canvas", {
      width: side, height: side, tabindex: 0, role: "slider", "aria-label": label,
      "aria-valuemin": -1, "aria-valuemax": 1, class: "nn-live-pad",
    });
    let at = [0, 0];
    const set = (place) => {
      at = place.map((v) => Math.min(Math.max(v, -1), 1));
      canvas.setAttribute("aria-valuenow", at[0].toFixed(2));
      canvas.setAttribute("aria-valuetext", `${at[0].toFixed(2)} across, ${at[1].toFixed(2)} up`);
    };
    const go = (place) => { set(place); moved(at); };
    const point = (event) => {
      const box = canvas.getBoundingClientRect();
      go([((event.clientX - box.left) / box.width) * 2 - 1, 1 - ((event.clientY - box.top) / box.height) * 2]);
    };
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); point(event); });
    canvas.addEventListener("pointermove", (event) => { if (event.buttons) point(event); });
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] }[event.key];
      if (!step) return;
      event.preventDefault();
      go([at[0] + step[0], at[1] + step[1]]);
    });
    set(at);
    return { canvas, set, get: () => at };
  };
})();
