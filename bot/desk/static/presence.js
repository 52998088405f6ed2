// Tells the server while somebody types or clicks, so that a long answer outlives the idle time;
// and clears the screen when the session has ended.
"use strict";
(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`);
  const idle = Number(meta("idle-seconds").content) * 1000;
  const every = 60000;
  const notice = document.getElementById("ended");
  let told = Date.now();
  let timer;

  const ended = () => {
    const unsent = [...document.querySelectorAll("textarea")].some((each) => each.value.trim());
    if (unsent) {
      // What was typed is not thrown away: after a new login (`ask`) it can be sent.
      notice.hidden = false;
      return;
    }
    const here = encodeURIComponent(location.pathname + location.search);
    location.replace(`/desk/login?ended=1&next=${here}`);
  };

  const renew = (token) => {
    meta("csrf").content = token;
    for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
    notice.hidden = true;
  };

  const call = async (method) => {
    try {
      const headers = { "X-CSRF": meta("csrf").content };
      const answer = await fetch("/desk/seen", { method, headers });
      if (answer.ok) renew(answer.headers.get("X-CSRF"));
      else if (answer.status === 403 && method === "POST") await call("GET");
      else if (answer.status === 401) ended();
    } catch {
      // No network: the next sign of life asks again.
    }
  };

  const wait = () => {
    clearTimeout(timer);
    // Another page may have kept the session alive: ask.
    timer = setTimeout(() => { call("GET"); wait(); }, idle + 5000);
  };

  const sign = () => {
    if (Date.now() - told < every) return;
    told = Date.now();
    call("POST");
    wait();
  };

  const ask = () => { if (!notice.hidden) call("GET"); };

  for (const name of ["keydown", "pointerdown"]) addEventListener(name, sign, { passive: true });
  addEventListener("focus", ask);
  addEventListener("pageshow", (event) => { if (event.persisted) call("GET"); });
  wait();
})();
