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

document.addEventListener("DOMContentLoaded", () => {
  quoteResultsOnlyFromServers();
  window.MathJax?.startup?.promise?.then(makeWideFormulasReachable);
  window.addEventListener("resize", makeWideFormulasReachable);
});
