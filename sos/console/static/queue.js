// The rows of the queue: what is there changes in place, what is new says so and waits for a click or the key n. Nothing jumps.
"use strict";
(() => {
  const queue = document.querySelector("[data-rows]");
  if (!queue) return;
  const rows = document.getElementById("rows"), button = queue.querySelector(".news-button");
  let shown = queue.dataset.mark, next = null, patience = 0;

  const keyed = (list) => new Map([...list.children].map((row) => [row.dataset.row, row]));
  async function refresh() {
    let answer;
    try { answer = await fetch(queue.dataset.rows, { headers: { "If-None-Match": '"' + shown + '"' }, cache: "no-store" }); } catch { return; }
    if (answer.status !== 200) return;
    const list = document.createElement("ul");
    list.innerHTML = await answer.text();
    merge(list);
  }
  function merge(list) {
    const there = keyed(rows), come = keyed(list);
    const chosen = rows.querySelector("[aria-current]")?.closest("[data-row]")?.dataset.row;
    const fresh = [...come.keys()].filter((key) => !there.has(key) && key !== "none");
    if (there.has("none") || (!fresh.length && [...there.keys()].join() === [...come.keys()].join() && !rows.contains(document.activeElement))) {
      replace(list, chosen); return;
    }
    for (const [key, row] of there) {
      const now = come.get(key);
      if (!now) { row.classList.add("gone"); row.querySelectorAll("form").forEach((form) => form.remove()); row.removeAttribute("data-alert"); continue; }
      row.className = now.className;
      if (now.dataset.alert) row.dataset.alert = now.dataset.alert; else row.removeAttribute("data-alert");
      if (!row.contains(document.activeElement)) row.innerHTML = now.innerHTML;
      mark(row, key === chosen);
    }
    next = list;
    button.textContent = fresh.length ? fresh.length + " new: show" : "The order changed: show";
    button.hidden = false;
    clearTimeout(patience);
    patience = setTimeout(alone, 10000);
  }
  // What waits does not wait for ever: it comes in when neither pointer nor focus is in the list.
  function alone() {
    if (!next) return;
    if (queue.matches(":hover") || rows.contains(document.activeElement)) { patience = setTimeout(alone, 2000); return; }
    replace(next, rows.querySelector("[aria-current]")?.closest("[data-row]")?.dataset.row);
  }
  function mark(row, here) { row.classList.toggle("here", here); if (here) row.querySelector("a")?.setAttribute("aria-current", "true"); }
  function replace(list, chosen) {
    rows.replaceChildren(...list.children);
    for (const row of rows.children) mark(row, row.dataset.row === chosen);
    next = null; button.hidden = true;
    document.dispatchEvent(new Event("rows-shown"));
  }
  button.addEventListener("click", () => {
    if (!next) return;
    replace(next, rows.querySelector("[aria-current]")?.closest("[data-row]")?.dataset.row);
    rows.querySelector("a")?.focus();
  });
  addEventListener("queue-changed", refresh);
})();
