// The simulated person may write after a while: asks every three seconds, keeps what is being typed.
(() => {
  const list = document.getElementById("lines");
  const box = document.getElementById("text");
  if (!list) return;
  let shown = list.innerHTML;
  box?.focus({ preventScroll: true });
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(list.dataset.lines, { headers: { "X-Poll": "1" } });
      if (answer.status === 205) { location.reload(); return; }
      if (!answer.ok) return;
      const html = await answer.text();
      if (html.trim() !== shown.trim()) { list.innerHTML = html; shown = html; }
    } catch { /* the frame says that the line is lost */ }
  };
  setInterval(look, 3000);
  box?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.form.requestSubmit();
  });
})();
