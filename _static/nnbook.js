// Search results quote the pages they found, which a browser refuses to a page opened from disk.
function quoteResultsOnlyFromServers() {
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }
}

// A formula too wide for the page scrolls; the keyboard must be able to reach it for that.
function makeWideFormulasReachable() {
  for (const formula of document.querySelectorAll("mjx-container[display]")) {
    formula.tabIndex = formula.scrollWidth > formula.clientWidth ? 0 : -1;
  }
}

// A page with live figures loads their engine and their scripts; other pages do not.
const ownAddress = document.currentScript.src;
function loadLiveFigures() {
  const figures = [...document.querySelectorAll(".nn-live")];
  if (!figures.length) return;
  const names = new Set(figures.map((figure) => figure.dataset.figure));
  for (const name of ["engine", "parts", ...names, "boot"]) {
    const script = document.createElement("script");
    script.src = new URL(`../live/${name}.js`, ownAddress);
    script.async = false; // in this order
    document.head.append(script);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  loadLiveFigures();
  quoteResultsOnlyFromServers();
  window.MathJax?.startup?.promise?.then(makeWideFormulasReachable);
  window.addEventListener("resize", makeWideFormulasReachable);
});
