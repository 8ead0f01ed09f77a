// The reader that saw moved digits: draw on a photograph, and it answers with shares of the ten
// classes, with the maps of a layer, and with the places that speak for a class (Grad-CAM).
nnLive.figures.digit = function (host, data, networks, figure) {
  "use strict";
  const [network] = networks, { element, slider, chooser, button, tensor } = nnLive;
  const SIDE = 64, ZOOM = 5, LAYERS = ["layer1", "layer2", "layer3", "layer4"], MAPS = 384;
  const photographs = data.photographs.map(nnLive.fromHex), digits = data.digits.map(nnLive.fromHex);
  const head = network.layers[network.layers.length - 1].own;
  const [nMaps, nClasses] = head.kernel.shape;

  let drawn, photograph = 0, layer = LAYERS[0], asked = null;
  let right = 0, down = 0, strength = 0.8, isErasing = false, isPenDown = false, cursor = [32, 32];

  const put = (number) => {
    drawn = new Float32Array(SIDE * SIDE);
    if (number >= 0) {
      digits[number].forEach((v, i) => { drawn[(16 + (i >> 5)) * SIDE + 16 + (i & 31)] = v / 255; });
    }
  };

  // The photograph, mirrored around its middle as in the chapter, and the ink that inverts it.
  const mirrored = (i) => (i < 16 ? 16 - i : i < 48 ? i - 16 : 78 - i);
  const picture = () => {
    const values = new Float32Array(SIDE * SIDE * 3), photo = photographs[photograph];
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const [row, column] = [y - down, x - right];
        const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
        const ink = inside ? strength * drawn[row * SIDE + column] : 0;
        for (let c = 0; c < 3; c++) {
          const ground = photo[(mirrored(y) * 32 + mirrored(x)) * 3 + c] / 255;
          values[(y * SIDE + x) * 3 + c] = Math.abs(ground - ink);
        }
      }
    return tensor([1, SIDE, SIDE, 3], values);
  };

  // After a global maximum the logit's slope along map k is its weight, once: alpha is weight / n.
  const heatOf = ({ shape: [, rows, columns], data: maps }, label) => Float32Array.from({ length: rows * columns }, (_, place) => {
    let sum = 0;
    for (let k = 0; k < nMaps; k++) sum += maps[place * nMaps + k] * head.kernel.data[k * nClasses + label];
    return Math.max(sum, 0);
  });

  const canvas = element("canvas", {
    width: SIDE * ZOOM, height: SIDE * ZOOM, tabindex: 0, role: "application", class: "nn-live-pad",
    "aria-roledescription": "sheet to draw on",
  });
  const heatCanvas = nnLive.canvas(SIDE * ZOOM, SIDE * ZOOM);
  const mapsCanvas = nnLive.canvas(MAPS, MAPS / 2);
  const status = nnLive.status();
  const shares = nnLive.bars("Share of each class; choose one to ask what speaks for it", (name) => {
    asked = asked === Number(name) ? null : Number(name);
    draw();
    requestAnimationFrame(() => shares.list.querySelectorAll("button")[Number(name)].focus()); // drawn anew
  });

  const drawHeat = (image, heat, side) => {
    const most = Math.max(...heat, 1e-6), orange = nnLive.rgb("orange");
    nnLive.paint(heatCanvas, SIDE, SIDE, (i) => {
      // The first window has its middle at pixel 10, and windows lie four pixels apart.
      const at = (v) => Math.min(Math.max(Math.floor((v - 8) / 4), -1), side);
      const row = at(i >> 6), column = at(i & 63);
      const inside = row >= 0 && row < side && column >= 0 && column < side;
      const share = inside ? heat[row * side + column] / most : 0;
      const grey = 60 + 120 * (image[3 * i] + image[3 * i + 1] + image[3 * i + 2]) / 3;
      return nnLive.mixed([grey, grey, grey], orange, 0.9 * share);
    });
  };

  const drawMaps = ({ shape: [, rows, columns, n], data: maps }) => {
    const across = n > 48 ? 16 : n / Math.ceil(n / 12), high = Math.ceil(n / across);
    const [cellHigh, cellWide] = [rows + 1, columns + 1];
    mapsCanvas.height = Math.round((MAPS * high * cellHigh) / (across * cellWide));
    const paper = nnLive.rgb("paper"), blue = nnLive.rgb("blue"), line = nnLive.rgb("line");
    const most = Math.max(maps.reduce((a, v) => Math.max(a, v), 0), 1e-6);
    nnLive.paint(mapsCanvas, high * cellHigh, across * cellWide, (i) => {
      const y = Math.floor(i / (across * cellWide)), x = i % (across * cellWide);
      const [row, column] = [y % cellHigh, x % cellWide];
      const map = Math.floor(y / cellHigh) * across + Math.floor(x / cellWide);
      if (row === rows || column === columns || map >= n) return line;
      return nnLive.mixed(paper, blue, Math.sqrt(maps[(row * columns + column) * n + map] / most)); // shows the faint ones, too
    });
    mapsCanvas.setAttribute("aria-label", `The ${n} maps of ${layer}, ${rows} by ${columns} places each`);
  };

  const drawSheet = (image) => {
    nnLive.paint(canvas, SIDE, SIDE, (i) => [0, 1, 2].map((c) => 255 * image[3 * i + c]));
    const context = canvas.getContext("2d"), reach = isPenDown ? 2 : 4;
    context.strokeStyle = nnLive.color("orange");
    context.lineWidth = 2;
    context.strokeRect((cursor[0] - reach / 2) * ZOOM, (cursor[1] - reach / 2) * ZOOM, reach * ZOOM, reach * ZOOM);
  };

  const draw = nnLive.onNextFrame(() => {
    const image = picture(), { values, output } = network.run(image);
    const chances = nnLive.softmax(output).data, answer = chances.indexOf(Math.max(...chances));
    const label = asked ?? answer, last = values.layer4;
    drawSheet(image.data);
    drawHeat(image.data, heatOf(last, label), last.shape[1]);
    drawMaps(values[layer]);
    shares.set(Array.from(chances, (share, name) => [`${name}`, share]));
    status.textContent = `It reads ${answer}, with a share of ${chances[answer].toFixed(2)}. Warm: what speaks for ${label}.`;
    const pen = isErasing ? "eraser" : "pen";
    canvas.setAttribute("aria-label", `Sheet of 64 by 64 pixels; ${pen} ${isPenDown ? "down" : "up"} at ${cursor[0]} across, ${cursor[1]} down. Arrow keys move it, space sets it down or lifts it.`);
    heatCanvas.setAttribute("aria-label", `The sheet in grey; warm where the last maps speak for ${label}`);
    figure.dataset.answer = answer;
    figure.dataset.shown = label;
    figure.dataset.share = chances[answer].toFixed(4);
  }, figure);

  // A soft round dab, at the places that the ink had before it was moved; the eraser is wider.
  const dab = ([x, y]) => {
    const [middleX, middleY] = [x - right, y - down], reach = isErasing ? 4.2 : 2.2;
    for (let row = Math.max(0, Math.floor(middleY - reach)); row <= Math.min(SIDE - 1, middleY + reach); row++)
      for (let column = Math.max(0, Math.floor(middleX - reach)); column <= Math.min(SIDE - 1, middleX + reach); column++) {
        const far = Math.hypot(column + 0.5 - middleX, row + 0.5 - middleY);
        const ink = Math.min(Math.max(reach - far, 0), 1), place = row * SIDE + column;
        drawn[place] = isErasing ? Math.min(drawn[place], 1 - ink) : Math.max(drawn[place], ink);
      }
  };
  const stroke = (to) => {
    const [x, y] = cursor, n = Math.max(1, Math.ceil(Math.hypot(to[0] - x, to[1] - y)));
    for (let step = 1; step <= n; step++) dab([x + ((to[0] - x) * step) / n, y + ((to[1] - y) * step) / n]);
    cursor = to;
    draw();
  };
  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top].map((v, i) => Math.round((v / [box.width, box.height][i]) * SIDE));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    cursor = placeOf(event);
    stroke(cursor);
  });
  canvas.addEventListener("pointermove", (event) => { if (event.buttons) stroke(placeOf(event)); });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    if (event.key === " ") isPenDown = !isPenDown;
    const to = step ? cursor.map((v, i) => Math.min(Math.max(v + step[i], 0), SIDE)) : cursor;
    if (isPenDown) return stroke(to);
    cursor = to;
    draw();
  });

  const choose = (label, names, set) => chooser(label, names.map((name, i) => [i, name]), (value) => { set(Number(value)); draw(); });
  const stored = chooser("start from", [[-1, "an empty sheet"], ...data.labels.map((name, i) => [i, `a validation digit: ${name}`])],
    (value) => { put(Number(value)); centre(); });
  const ground = choose("photograph", photographs.map((_, i) => `${i + 1}`), (value) => { photograph = value; });
  const shownLayer = choose("maps of layer", LAYERS.map((name) => name.at(-1)), (value) => { layer = LAYERS[value]; });
  const pen = choose("pen", ["draws", "erases"], (value) => { isErasing = value === 1; });
  const shift = { min: -24, max: 24, step: 1, value: 0, text: (v) => `${v} pixels` };
  const across = slider("move it right", shift, (v) => { right = v; draw(); });
  const along = slider("move it down", shift, (v) => { down = v; draw(); });
  const ink = slider("strength of the ink", { min: 0, max: 1, step: 0.05, value: strength }, (v) => { strength = v; draw(); });
  const centre = () => { right = down = 0; across.set(0); along.set(0); draw(); };
  stored.select.value = 0;
  put(0);
  host.append(
    element("div", { class: "nn-live-plots" }, canvas, status, heatCanvas),
    element("div", { class: "nn-live-controls" },
      stored.row, ground.row, pen.row, across.row, along.row, ink.row,
      element("div", { class: "nn-live-buttons" },
        button("Empty the sheet", () => { stored.select.value = -1; put(-1); centre(); }),
        button("Ask about the answer again", () => { asked = null; draw(); })),
      shares.list, shownLayer.row, mapsCanvas),
  );
  draw();
};
