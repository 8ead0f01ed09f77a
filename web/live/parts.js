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

  // A labelled slider; its value stands beside it.
  nnLive.slider = function (label, { min, max, step, value, text = (v) => v.toFixed(2) }, moved) {
    const shown = nnLive.element("output");
    const input = nnLive.element("input", { type: "range", min, max, step });
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
    return { row: nnLive.element("label", { class: "nn-live-slider" }, `${label} `, input, shown), set, input };
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
})();
