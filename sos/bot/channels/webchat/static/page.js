/* Makes the page better where scripts run: sends without leaving the page, looks for new answers, leaves without a trace in Back.
   Keeps nothing in any storage; everything also works without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const body = document.body;
  const at = (id) => document.getElementById(id);
  const FIRST = 1500, SLOW = 5000, SLOWEST = 20000, GIVES_UP = 30 * 60 * 1000;
  let busy = false, left = false, timer = 0, pause = SLOW, since = Date.now();
  root.classList.add("scripted");

  const note = (text) => { at("note").textContent = text; };
  const toEnd = () => {
    if (at("talk").className !== "talk") return;
    for (const part of [at("choices"), at("lines").lastElementChild]) if (part) part.scrollIntoView({block: "nearest"});
  };

  /* The new page's parts take the place of the old ones. The box she types in stays as it is; lines that stood there already are not
     read out again. `sent`: her words that were taken just now. */
  const swap = (html, wrote, sent) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const from = (id) => fresh.getElementById(id);
    if (!from("talk")) return false;
    const changed = fresh.body.dataset.mark !== body.dataset.mark;
    root.lang = fresh.documentElement.lang;
    document.title = fresh.title;
    Object.assign(body.dataset, fresh.body.dataset);
    for (const id of ["title", "label", "send", "exit"]) if (at(id).textContent !== from(id).textContent) at(id).textContent = from(id).textContent;
    for (const id of ["own", "intro", "more", "choices"]) at(id).replaceChildren(...from(id).childNodes);
    for (const name of ["form", "language"]) at("write").elements[name].value = from("write").elements[name].value;
    at("talk").className = from("talk").className;
    merge(at("lines"), [...from("lines").children], wrote);
    if (at("note").textContent !== from("note").textContent) note(from("note").textContent);
    if (sent && at("text").value === sent) at("text").value = "";
    if (changed) toEnd();
    return changed;
  };
  /* A line that is given a single time stays until she writes again. */
  const merge = (list, wanted, wrote) => {
    if (wrote) for (const line of [...list.querySelectorAll(".once")]) line.remove();
    const old = [...list.children].filter((line) => !line.classList.contains("once"));
    let kept = 0;
    while (kept < old.length && kept < wanted.length && old[kept].outerHTML === wanted[kept].outerHTML) kept += 1;
    for (const line of old.slice(kept)) line.remove();
    list.append(...wanted.slice(kept));
  };

  const look = async () => {
    if (busy || left || document.hidden) return;
    try {
      const answer = await fetch("/chat", {headers: {"X-Have": body.dataset.mark}, cache: "no-store"});
      if (left || busy) return;
      if (answer.status === 204) pause = Math.min(pause * 1.2, SLOWEST);
      else if (answer.ok && swap(await answer.text(), false, "")) { pause = FIRST; since = Date.now(); }
    } catch { pause = SLOWEST; }
    plan();
  };
  const plan = () => {
    clearTimeout(timer);
    if (!left && Date.now() - since < GIVES_UP + 60000) timer = setTimeout(look, pause);
  };

  const send = async (form, fields) => {
    if (busy || left) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    note(body.dataset.sending);
    try {
      const answer = await fetch("/chat", {method: "POST", body: new URLSearchParams(fields), cache: "no-store"});
      const html = await answer.text();
      if (left) return;
      const sent = fields.find(([name]) => name === "text");
      if (html.includes('id="talk"')) swap(html, answer.ok, answer.ok && sent ? sent[1] : "");
      else note(body.dataset.lost);
      pause = FIRST; since = Date.now();
    } catch {
      if (!left) note(body.dataset.lost);
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
    }
    plan();
  };

  /* Blank first, then the address is replaced, so that Back does not lead here; the session ends behind it. */
  const leave = () => {
    if (left) return;
    left = true;
    const site = at("leave").dataset.site;
    root.classList.add("left");
    body.replaceChildren();
    document.title = "\u200b";
    try { fetch("/exit", {method: "POST", keepalive: true, cache: "no-store"}).catch(() => {}); } catch { /* gone all the same */ }
    location.replace(site);
  };

  const place = () => {
    const failed = () => note(body.dataset.noPlace);
    if (!navigator.geolocation) { failed(); return; }
    navigator.geolocation.getCurrentPosition((found) => {
      const form = at("write");
      send(form, [["form", form.elements.form.value], ["language", form.elements.language.value],
        ["latitude", found.coords.latitude.toFixed(3)], ["longitude", found.coords.longitude.toFixed(3)]]);
    }, failed, {enableHighAccuracy: false, timeout: 15000, maximumAge: 300000});
  };

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.id === "leave") { leave(); return; }
    const fields = [...new FormData(form)];
    if (event.submitter && event.submitter.name) fields.push([event.submitter.name, event.submitter.value]);
    if (form.id === "write" && !at("text").value.trim()) return;
    send(form, fields);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='/chat']");
    if (event.target.closest("#place")) place();
    else if (link) { event.preventDefault(); location.replace(link.href); }
  });

  let escapes = [];
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      escapes = escapes.filter((time) => event.timeStamp - time < 2000).concat(event.timeStamp);
      if (escapes.length >= 3) leave();
    } else if (event.key === "Enter" && event.target.id === "text" && !event.shiftKey && !event.isComposing && matchMedia("(hover:hover)").matches) {
      event.preventDefault();
      at("write").requestSubmit();
    }
  });

  /* A page that a browser kept for Back is emptied when it goes and fetched anew when it comes. */
  addEventListener("pagehide", () => { root.classList.add("left"); });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.replace("/chat");
    else root.classList.remove("left");
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { since = Date.now(); look(); } });
  toEnd();
  pause = at("note").textContent.trim() ? FIRST : SLOW;
  plan();
})();
