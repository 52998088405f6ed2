// The queue, live: renews its lines when the server says that something changed, rings for new
// urgent ones, and works by keys.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const live = byId("live");
  const title = document.title;
  const sound = byId("sound");
  const KEPT = "desk.sound";
  let urgent = new Set(ids());
  let context = null;
  let again = false;
  let busy = false;
  let broken = null;

  function ids() {
    return (live.querySelector("[data-urgent]")?.dataset.urgent || "").split(" ").filter(Boolean);
  }

  function count() {
    document.title = (urgent.size ? `(${urgent.size}) ` : "") + title;
  }

  // Sound: two short tones, made here. Browsers play nothing before a click.
  function wanted() { return localStorage.getItem(KEPT) === "on"; }

  function paintSound() {
    sound.hidden = false;
    sound.setAttribute("aria-pressed", String(wanted()));
    sound.textContent = wanted() ? sound.dataset.on : sound.dataset.off;
  }

  function tone(at, frequency) {
    const source = context.createOscillator();
    const volume = context.createGain();
    source.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    source.connect(volume).connect(context.destination);
    source.start(at);
    source.stop(at + 0.4);
  }

  function ring() {
    if (!wanted() || !context || context.state !== "running") return;
    tone(context.currentTime, 660);
    tone(context.currentTime + 0.22, 880);
  }

  function wakeSound() {
    if (!wanted()) return;
    context = context || new AudioContext();
    context.resume();
  }

  sound.addEventListener("click", () => {
    localStorage.setItem(KEPT, wanted() ? "off" : "on");
    paintSound();
    wakeSound();
    if (context) context.resume().then(ring);
  });
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, wakeSound, { passive: true });

  // Lines
  function opened() { return [...live.querySelectorAll(".line .open")]; }

  function here() {
    const line = document.activeElement && document.activeElement.closest(".line");
    return line && live.contains(line) ? line : null;
  }

  function put(html) {
    const line = here();
    const focused = line && { id: line.dataset.id, claim: document.activeElement.matches(".claim") };
    live.innerHTML = html;
    if (focused) {
      const same = live.querySelector(`.line[data-id="${focused.id}"]`);
      const target = same && ((focused.claim && same.querySelector(".claim")) || same.querySelector(".open"));
      if (target) target.focus({ preventScroll: true });
    }
    const now = new Set(ids());
    const fresh = [...now].some((id) => !urgent.has(id));
    urgent = now;
    count();
    if (fresh) {
      ring();
      byId("said").textContent = "";
      byId("said").textContent = byId("said").dataset.urgent;
    }
  }

  async function renew() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(live.dataset.live, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (answer.ok) put(await answer.text());
    } catch {
      // No network: the stream tells when it is back.
    }
    busy = false;
    if (again) { again = false; renew(); }
  }

  function listen() {
    const events = new EventSource("/desk/events");
    events.addEventListener("changed", renew);
    events.addEventListener("ended", () => { events.close(); location.reload(); });
    events.onopen = () => {
      clearTimeout(broken);
      broken = null;
      byId("offline").hidden = true;
      renew();
    };
    events.onerror = () => {
      broken = broken || setTimeout(() => { byId("offline").hidden = false; }, 5000);
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    };
    addEventListener("pagehide", () => events.close());
  }

  // Filters act at once; on a small screen they are folded while none is chosen
  const chosen = new URLSearchParams(location.search);
  chosen.delete("folder");
  if (matchMedia("(max-width: 47.99em)").matches && ![...chosen.values()].some(Boolean)) {
    byId("tools").open = false;
  }
  const filters = byId("filters");
  if (filters) {
    filters.classList.add("by-script");
    filters.addEventListener("change", () => filters.requestSubmit());
  }

  // Keys
  function move(step) {
    const all = opened();
    const at = all.indexOf(here()?.querySelector(".open"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) {
      next.focus();
      next.closest(".line").scrollIntoView({ block: "nearest" });
    }
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    c: () => here()?.querySelector(".claim")?.click(),
    r: () => { const open = here()?.querySelector(".open"); if (open) location.href = `${open.href}#reply`; },
    "/": () => { byId("tools").open = true; byId("q").focus(); },
    "?": () => byId("help").showModal(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    if (event.target.closest("input, select, textarea")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  byId("help-open").hidden = false;
  byId("help-open").addEventListener("click", keys["?"]);
  document.querySelector('form[action="/desk/logout"]')?.addEventListener("submit", () => sessionStorage.clear());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  paintSound();
  count();
  listen();
})();
