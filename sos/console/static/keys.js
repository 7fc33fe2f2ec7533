// Every act by keyboard. An element with data-key="x" is pressed or focused by x; j and k move in the queue, c claims the row one stands on.
"use strict";
(() => {
  const help = document.getElementById("keys");
  const visible = (one) => one && !one.hidden && one.getClientRects().length;
  const rows = () => [...document.querySelectorAll("#rows [data-row] > a")].filter(visible);
  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement.closest?.("[data-row]")?.querySelector("a"));
    all[Math.min(all.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))].focus();
  }
  function claim() {
    const here = document.activeElement.closest?.("[data-row]") || document.querySelector("#rows [data-alert]");
    const button = [...document.querySelectorAll('[data-key="c"]')].find(visible) || here?.querySelector("[data-key-in-row=c]");
    button?.click();
  }
  function press(key) {
    const one = [...document.querySelectorAll('[data-key="' + CSS.escape(key) + '"]')].find(visible);
    if (!one) return false;
    const fold = one.closest("details:not([open])") || (one.matches("details") ? one : null);
    if (fold) { fold.open = true; (fold.querySelector("input:not([type=hidden]), select, textarea, button") || fold.querySelector("summary")).focus(); return true; }
    if (one.matches("textarea, input, select")) one.focus(); else one.click();
    return true;
  }
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.ctrlKey && event.key === "Enter" && event.target.form) { event.preventDefault(); event.target.form.requestSubmit(); }
      return;
    }
    if (event.target.matches("input, textarea, select")) { if (event.key === "Escape") event.target.blur(); return; }
    if (event.key === "?") { event.preventDefault(); if (help) help.open ? help.close() : help.showModal(); return; }
    if (help?.open) return;
    const act = { j: () => move(1), k: () => move(-1), c: claim }[event.key] || (/^[a-z/]$/.test(event.key) ? () => press(event.key) : null);
    if (act && act() !== false) event.preventDefault();
  });
  document.querySelectorAll('button[data-key="?"]').forEach((one) => one.addEventListener("click", () => help?.showModal()));
})();
