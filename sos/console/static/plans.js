// Ticks while the line is away: kept in this page only, never in the browser's storage, and sent when the line is back. Item ids and states, no words.
(() => {
  const list = document.getElementById("items");
  if (!list) return;
  const unsent = new Map();
  const sign = document.getElementById("unsent");
  let sending = false;
  const show = (item, state) => {
    item.dataset.state = state;
    item.querySelector(".thumb").setAttribute("aria-pressed", String(state === "done"));
    const form = item.querySelector(".tickform");
    form.action = form.action.replace(/(un)?tick$/, state === "done" ? "untick" : "tick");
  };
  const tell = () => {
    sign.hidden = unsent.size === 0;
    if (unsent.size) sign.textContent = `${unsent.size} not sent yet: no line. Leave this page open, it sends them by itself.`;
    for (const item of list.querySelectorAll("[data-item]")) item.toggleAttribute("data-unsent", unsent.has(item.dataset.item));
  };
  const send = async () => {
    if (sending || unsent.size === 0) return;
    sending = true;
    const batch = new Map(unsent);
    try {
      const answer = await fetch(list.dataset.ticks, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": document.body.dataset.token, "X-Requested-With": "plans" },
        body: JSON.stringify(Object.fromEntries(batch)),
        signal: AbortSignal.timeout(10000),
      });
      if (answer.ok) {
        const now = await answer.json();
        for (const [item, state] of batch) if (unsent.get(item) === state) unsent.delete(item);
        for (const item of list.querySelectorAll("[data-item]")) {
          const state = now.items[item.dataset.item];
          if (state && !unsent.has(item.dataset.item)) show(item, state);
        }
        document.getElementById("plan-open").textContent = now.open;
        document.getElementById("plan-state").textContent = now.state;
      }
      tell();
      if (answer.status === 401) sign.textContent = "You are signed out. Sign in in another tab, then these ticks are sent.";
    } catch {
      tell();
    }
    sending = false;
  };
  list.addEventListener("submit", (event) => {
    if (!event.target.classList.contains("tickform")) return;
    event.preventDefault();
    setTimeout(() => { event.submitter.disabled = false; });  // the frame guards forms that leave the page; this one stays
    const item = event.target.closest("[data-item]");
    const state = item.dataset.state === "done" ? "to_do" : "done";
    unsent.set(item.dataset.item, state);
    show(item, state);
    send();
  });
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => { if (unsent.size) event.preventDefault(); });
  setInterval(send, 4000);
})();
