// One case: new lines come in by themselves without moving what is read, words are not lost, services are matched in place, one pane on a phone.
"use strict";
(() => {
  const box = document.getElementById("lines"), news = document.getElementById("lines-news");
  const panes = document.querySelector(".panes");
  // The end of the conversation, but never past what she has written since our last answer: that must be read first.
  const bottom = () => {
    if (!box) return;
    const said = [...box.querySelectorAll(".line.her, .line.us")];
    const hers = said[said.findLastIndex((one) => one.matches(".us")) + 1];
    box.scrollTop = box.scrollHeight;
    if (hers) box.scrollTop = Math.min(box.scrollTop, hers.offsetTop - box.offsetTop - 8);
  };
  const place = () => { const before = box.scrollTop; bottom(); const after = box.scrollTop; box.scrollTop = before; return after; };
  const atBottom = () => place() - box.scrollTop < 40;

  // New lines always come in; what was unfolded stays so, and the focus stays on its line.
  function renew(html) {
    const at = document.activeElement, line = box.contains(at) ? at.closest("[data-line]")?.dataset.line : undefined;
    const open = new Set([...box.querySelectorAll("[data-line] details[open]")].map((one) => one.closest("[data-line]").dataset.line));
    const kind = at.localName;
    box.innerHTML = html;
    for (const one of box.querySelectorAll("[data-line]")) {
      const fold = one.querySelector("details");
      if (fold && open.has(one.dataset.line)) fold.open = true;
      if (line && one.dataset.line === line) one.querySelector(kind)?.focus({ preventScroll: true });
    }
  }

  async function look() {
    if (box && document.visibilityState === "visible") {
      const mark = box.querySelector("[data-mark]")?.dataset.mark || "";
      try {
        const answer = await fetch(box.dataset.lines, { headers: { "If-None-Match": '"' + mark + '"' }, cache: "no-store" });
        if (answer.status === 200) {
          const stay = atBottom();
          renew(await answer.text());
          if (stay) bottom(); else if (news) news.hidden = false;
        }
      } catch { /* the frame tells that the line is lost */ }
    }
    setTimeout(look, 2000);
  }
  if (box) { bottom(); setTimeout(look, 2000); }
  news?.addEventListener("click", () => { bottom(); news.hidden = true; });
  box?.addEventListener("scroll", () => { if (news && atBottom()) news.hidden = true; }, { passive: true });

  function show(name) {
    if (!panes) return;
    panes.dataset.pane = name;
    for (const link of document.querySelectorAll("[data-show]")) {
      if (link.dataset.show === name) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
    if (name === "conversation") bottom();
  }
  for (const link of document.querySelectorAll("[data-show]")) link.addEventListener("click", (event) => {
    event.preventDefault(); show(link.dataset.show);
    document.getElementById("pane-" + link.dataset.show)?.focus({ preventScroll: true });
  });
  for (const link of document.querySelectorAll("a[data-opens]")) link.addEventListener("click", (event) => {
    const fold = document.querySelector(link.getAttribute("href"));
    if (!fold) return;
    event.preventDefault();
    show("help"); fold.open = true;
    (fold.querySelector("select, textarea, input:not([type=hidden])") || fold.querySelector("button")).focus();
  });
  addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (["r", "/", "c"].includes(event.key)) show("conversation");
    if (["h", "s", "x", "m"].includes(event.key)) show("help");
    if (["j", "k"].includes(event.key)) show("queue");
  }, { capture: true });

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-part]");
    if (!form) return;
    event.preventDefault();
    const part = document.getElementById(form.dataset.part);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.ok) part.innerHTML = await answer.text(); else form.submit();
    } catch { form.submit(); }
  });
  document.addEventListener("click", (event) => {
    const put = event.target.closest("[data-put]");
    const reply = document.getElementById("reply");
    if (!put || !reply) return;
    reply.value = (reply.value ? reply.value.trimEnd() + " " : "") + put.dataset.put;
    show("conversation"); reply.focus();
  });
})();
