/* Leaves the pages of what is hers as the chat is left: blank first, no way Back. Keeps nothing; everything else works without it. */
(() => {
  "use strict";
  const form = document.getElementById("leave");
  let left = false;
  const leave = () => {
    if (left) return;
    left = true;
    document.documentElement.classList.add("left");
    document.body.replaceChildren();
    document.title = "\u200b";
    try { fetch("/exit", {method: "POST", keepalive: true, cache: "no-store"}).catch(() => {}); } catch { /* gone all the same */ }
    location.replace(form.dataset.site);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
  let escapes = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    escapes = escapes.filter((time) => event.timeStamp - time < 2000).concat(event.timeStamp);
    if (escapes.length >= 3) leave();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='/chat']");
    if (link) { event.preventDefault(); location.replace(link.href); }
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.replace("/chat/mine"); });
})();
