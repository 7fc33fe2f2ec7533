// The frame of every staff page: asks for the pulse, shows the strip, sounds while an SOS waits, tells when the line is lost.
"use strict";
(() => {
  const body = document.body, strip = document.getElementById("strip"), lost = document.getElementById("lost");
  const told = document.getElementById("told");
  const EVERY = 1500, PATIENCE = 3000, LOST_AFTER = 4000, BEEP_EVERY = 2500;
  const title = document.title;
  const ahead = Date.now() - Date.parse(body.dataset.now);
  let mark = "", alive = Date.now(), onDuty = body.dataset.duty === "yes", sounding = 0, audio = null;
  const reported = new Set();

  const now = () => Date.now() - ahead;
  const span = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 60) return s + " s";
    if (s < 3600) return Math.floor(s / 60) + " min";
    return s < 86400 ? Math.floor(s / 3600) + " h" : Math.floor(s / 86400) + " d";
  };

  const waited = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000)), min = Math.floor(s / 60);
    if (s < 120) return s + " s";
    return s < 7200 ? min + " min " + (s % 60) + " s" : Math.floor(min / 60) + " h " + (min % 60) + " min";
  };

  function count() {
    for (const at of document.querySelectorAll("[data-since]")) at.textContent = waited(now() - Date.parse(at.dataset.since));
    for (const at of document.querySelectorAll("time[data-ago]")) {
      const away = now() - Date.parse(at.dateTime);
      at.textContent = away >= 0 ? span(away) : "in " + span(-away);
    }
    for (const at of document.querySelectorAll("[data-until]")) {
      const left = Math.ceil((Date.parse(at.dataset.until) - now()) / 1000);
      at.textContent = Math.max(0, left);
      if (left <= 0) at.closest("[data-while]")?.remove();
    }
  }

  function sound() {
    const mute = document.getElementById("mute");
    if (!audio) try { audio = new AudioContext(); } catch { return; }
    if (audio.state !== "running") { audio.resume(); if (mute) mute.hidden = false; return; }
    const start = audio.currentTime + 0.02;
    for (const [at, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const tone = audio.createOscillator(), gain = audio.createGain();
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, start + at);
      gain.gain.linearRampToValueAtTime(0.35, start + at + 0.02);
      gain.gain.linearRampToValueAtTime(0, start + at + 0.2);
      tone.connect(gain).connect(audio.destination);
      tone.start(start + at); tone.stop(start + at + 0.22);
    }
    body.dataset.sounded = String(Number(body.dataset.sounded || 0) + 1);
  }
  const unlock = () => {
    if (!audio) try { audio = new AudioContext(); } catch { return; }
    if (audio.state !== "running") audio.resume();
  };
  addEventListener("pointerdown", unlock, { passive: true });
  addEventListener("keydown", unlock, { passive: true });

  function look() {
    if (!strip) return; // pages of signing in have none
    const alarm = strip.querySelector(".alarm");
    document.title = alarm ? "SOS " + alarm.dataset.alert + " waits" : title;
    if (alarm && onDuty && !sounding) { sound(); sounding = setInterval(sound, BEEP_EVERY); }
    if (!(alarm && onDuty) && sounding) { clearInterval(sounding); sounding = 0; }
    seen();
  }

  // Only what is really rendered in a tab that somebody can see counts as shown.
  function seen() {
    if (!onDuty || document.visibilityState !== "visible") return;
    const numbers = [...document.querySelectorAll("[data-alert]")].filter((one) => one.getClientRects().length).map((one) => one.dataset.alert);
    const fresh = [...new Set(numbers)].filter((number) => !reported.has(number));
    if (!fresh.length) return;
    requestAnimationFrame(() => requestAnimationFrame(async () => {
      if (document.visibilityState !== "visible") return;
      const form = new URLSearchParams(fresh.map((number) => ["alert", number]));
      try {
        const answer = await fetch("/staff/seen", { method: "POST", body: form, headers: { "X-CSRF-Token": body.dataset.token } });
        if (answer.ok) fresh.forEach((number) => reported.add(number));
      } catch { /* the next pulse tries again */ }
    }));
  }

  let leaving = 0; // while another page is on its way, the old one asks nothing
  addEventListener("beforeunload", () => { leaving = Date.now(); });

  async function pulse() {
    if (Date.now() - leaving < PATIENCE) { setTimeout(pulse, EVERY); return; }
    const patience = new AbortController(), late = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(body.dataset.pulse, { headers: mark ? { "If-None-Match": '"' + mark + '"' } : {}, signal: patience.signal, cache: "no-store" });
      if (answer.status === 401) { location.reload(); return; }
      if (answer.status === 200) {
        const news = await answer.json();
        const before = strip.querySelector(".alarm")?.dataset.alert;
        mark = news.mark; onDuty = news.on_duty;
        strip.innerHTML = news.html;
        const after = strip.querySelector(".alarm")?.dataset.alert;
        if (after && after !== before) told.textContent = "SOS " + after + ": nobody has taken it";
        if (!after) told.textContent = "";
        dispatchEvent(new CustomEvent("queue-changed", { detail: news.mark }));
      }
      if (answer.status < 500) { alive = Date.now(); lost.hidden = true; }
    } catch { /* counted below */ } finally { clearTimeout(late); }
    look(); check();
    setTimeout(pulse, EVERY);
  }
  function check() {
    if (Date.now() - alive > LOST_AFTER || !navigator.onLine) lost.hidden = false;
    const since = lost.querySelector("[data-lost-since]");
    since.textContent = lost.hidden ? "" : "Last contact " + span(Date.now() - alive) + " ago.";
  }

  document.documentElement.classList.add("js");
  addEventListener("DOMContentLoaded", () => { body.dataset.ready = "yes"; });
  addEventListener("offline", check);
  document.addEventListener("visibilitychange", seen);
  document.addEventListener("rows-shown", seen);
  for (const form of document.forms) form.addEventListener("submit", () => setTimeout(() => form.querySelectorAll("button").forEach((one) => { one.disabled = true; }), 0));
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  setInterval(count, 1000); setInterval(check, 500);
  count(); look(); setTimeout(pulse, 300);
})();
