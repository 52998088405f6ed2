// One conversation, live: new messages and ticks come in, colleagues are seen, what is typed is
// kept in this tab until it is sent, and keys work.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const page = byId("case");
  const box = () => byId("talk");
  const title = document.title;
  const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;
  let events = null;
  let busy = false;
  let again = false;
  let broken = null;
  let wrote = 0;

  // Drafts stay in this tab
  function fields() { return [...document.querySelectorAll("textarea[data-draft]")]; }
  function draftKey(field) { return `desk.draft.${field.dataset.draft}`; }

  function restore(field) {
    const kept = sessionStorage.getItem(draftKey(field));
    if (kept && !field.value) field.value = kept;
    if (field.id === "note" && field.value) field.closest("details").open = true;
  }

  addEventListener("input", (event) => {
    const field = event.target;
    if (!field.dataset || !field.dataset.draft) return;
    if (field.value) sessionStorage.setItem(draftKey(field), field.value);
    else sessionStorage.removeItem(draftKey(field));
    if (field.id === "text") tellWriting();
  });
  addEventListener("submit", (event) => {
    for (const field of event.target.querySelectorAll("textarea[data-draft]")) {
      sessionStorage.removeItem(draftKey(field));
    }
    if (event.target.matches('form[action="/desk/logout"]')) sessionStorage.clear();
    // Pressed twice, it is sent once.
    const button = event.submitter;
    if (button) setTimeout(() => { button.disabled = true; });
  });

  function tellWriting() {
    if (Date.now() - wrote < 4000) return;
    wrote = Date.now();
    fetch(`${page.dataset.path}/writing`, { method: "POST", headers: { "X-CSRF": meta("csrf") } }).catch(() => {});
  }

  // Parts
  function toEnd() { box().scrollTop = box().scrollHeight; }
  function nearEnd() { return box().scrollHeight - box().clientHeight - box().scrollTop < 120; }

  function nameOf(item) { return item.dataset.seq ? `s${item.dataset.seq}` : `e${item.dataset.at}`; }

  // What is open or plays stays as it is: lines are added, and their ticks renewed.
  function mergeTalk(fresh) {
    const list = box().querySelector(".talk");
    const known = new Map([...list.children].map((item) => [nameOf(item), item]));
    const follow = nearEnd();
    let isNew = false;
    for (const item of [...fresh.querySelectorAll(".talk > li")]) {
      const old = known.get(nameOf(item));
      if (!old) {
        list.append(item);
        isNew = isNew || item.classList.contains("person");
      } else if (old.querySelector(".tick")) {
        old.querySelector(".tick").replaceWith(item.querySelector(".tick"));
        renewMedia(old, item);
      }
    }
    if (follow) toEnd();
    if (isNew && document.hidden) document.title = `● ${title}`;
  }

  function renewMedia(old, item) {
    const waits = old.querySelector(".medium, audio, video, a[download]") === null;
    if (waits && item.querySelector(".medium, audio, video, a[download]")) old.replaceWith(item);
  }

  function openDetails(part) {
    return [...part.querySelectorAll("details")].map((each) => each.open);
  }

  function swap(fresh, id) {
    const old = byId(id);
    const next = fresh.getElementById(id);
    if (!next || old.contains(document.activeElement) || old.querySelector(".drop[open]")) return;
    const open = openDetails(old);
    const same = old.querySelectorAll("details").length === next.querySelectorAll("details").length;
    old.replaceWith(document.adoptNode(next));
    if (same) next.querySelectorAll("details").forEach((each, index) => { each.open = open[index]; });
    next.querySelectorAll("textarea[data-draft]").forEach(restore);
  }

  async function renew() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(page.dataset.live, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      else if (answer.status === 404) location.reload();
    } catch {
      // No network: the stream tells when it is back.
    }
    busy = false;
    if (again) { again = false; renew(); }
  }

  function take(fresh) {
    const standing = fresh.getElementById("state").dataset.standing;
    if (standing !== byId("state").dataset.standing) {
      // Somebody took it, gave it or closed it: what can be done here is another thing now.
      location.reload();
      return;
    }
    mergeTalk(fresh);
    for (const id of ["state", "card", "notes"]) swap(fresh, id);
  }

  // The stream: only while the page is looked at, for a browser has few of them
  function listen() {
    events = new EventSource(page.dataset.events);
    events.addEventListener("changed", renew);
    events.addEventListener("people", (event) => {
      const text = JSON.parse(event.data).text;
      byId("people").textContent = text;
      byId("people").hidden = !text;
    });
    events.addEventListener("ended", () => { stop(); location.reload(); });
    events.onopen = () => {
      clearTimeout(broken);
      broken = null;
      byId("offline").hidden = true;
      renew();
    };
    events.onerror = () => {
      broken = broken || setTimeout(() => { byId("offline").hidden = false; }, 5000);
      if (events && events.readyState === EventSource.CLOSED) setTimeout(() => { if (events) listen(); }, 5000);
    };
  }

  function stop() {
    if (events) events.close();
    events = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    document.title = title;
    if (!events) listen();
  });
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Prepared replies
  const find = byId("canned-words");
  if (find) {
    byId("canned-find").hidden = false;
    find.addEventListener("input", () => {
      const words = find.value.toLocaleLowerCase();
      for (const item of document.querySelectorAll(".replies li")) {
        item.hidden = !item.textContent.toLocaleLowerCase().includes(words);
      }
    });
  }

  // Menus close when something else is pressed
  addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".drop[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // Keys
  const keys = {
    c: () => document.querySelector("#state .claim")?.click(),
    r: () => { const text = byId("text"); if (text) text.focus(); else byId("reply").scrollIntoView(); },
    p: () => {
      const canned = document.querySelector(".canned");
      if (!canned) return;
      canned.open = true;
      find.focus();
    },
    n: () => { const note = byId("note"); if (note) { note.closest("details").open = true; note.focus(); } },
    q: () => byId("back").click(),
    "?": () => byId("help").showModal(),
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey && event.target.id === "text") {
      byId("typed").requestSubmit(byId("typed").querySelector("button"));
      return;
    }
    if (event.key === "Escape") document.activeElement.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    if (event.target.closest("input, select, textarea")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  byId("help-open").hidden = false;
  byId("help-open").addEventListener("click", keys["?"]);

  fields().forEach(restore);
  toEnd();
  if (location.hash === "#reply") keys.r();
  listen();
})();
