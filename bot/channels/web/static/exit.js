/* Leaving at once: clear the screen, remove the key, go where Back does not return from.
   Loaded first and alone, so that it works while, or although, the rest does not. */
(function () {
  'use strict';
  var root = document.documentElement;
  var LEFT = 'chat.left';
  var TWICE_MS = 2000;
  var embedded = root.hasAttribute('data-embed');
  var lastEscape = 0;
  var left = false;

  root.className += ' live';

  function eachStorage(act) {
    ['sessionStorage', 'localStorage'].forEach(function (name) {
      // A browser that blocks storage throws at the mere mention.
      try { act(window[name]); } catch (blocked) { return; }
    });
  }

  function forget() {
    eachStorage(function (storage) {
      Object.keys(storage).forEach(function (key) {
        if (key.indexOf('chat.') === 0) storage.removeItem(key);
      });
    });
  }

  /* The cookie is the server's to remove. The address it answers with is not followed. */
  function tellServer(csrf) {
    return fetch('/chat', {
      method: 'POST', credentials: 'same-origin', keepalive: true, redirect: 'manual',
      headers: {'Content-Type': 'application/x-www-form-urlencoded'},
      body: 'action=exit&csrf=' + encodeURIComponent(csrf)
    });
  }

  function csrf() {
    var field = document.querySelector('input[name=csrf]');
    return field ? field.value : '';
  }

  function go(url) {
    if (!embedded) { location.replace(url); return; }
    // The widget's loader leaves the partner's page; without it, try ourselves.
    parent.postMessage({chat: 'exit', url: url}, '*');
    try {
      top.location.replace(url);
    } catch (refused) {
      location.replace('about:blank');
    }
  }

  function leave() {
    var token = csrf();
    left = true;
    root.hidden = true;
    if (document.body) document.body.textContent = '';
    if (window.speechSynthesis) speechSynthesis.cancel();
    forget();
    // With no network the cookie stays: the mark makes the next visit remove it first.
    if (root.hasAttribute('data-exists')) {
      eachStorage(function (storage) { storage.setItem(LEFT, '1'); });
    }
    if (window.fetch) tellServer(token).catch(function () { return null; });
    go(root.getAttribute('data-exit'));
  }

  function finishLeaving() {
    root.hidden = true;
    tellServer(csrf()).then(function (resp) {
      if (resp.status >= 400) return;
      forget();
      location.reload();
    }, function () { return null; });
  }

  function wasLeft() {
    var found = false;
    eachStorage(function (storage) { found = found || storage.getItem(LEFT) !== null; });
    return found;
  }

  if (wasLeft()) {
    if (root.hasAttribute('data-exists')) {
      root.hidden = true;
      document.addEventListener('DOMContentLoaded', finishLeaving);
    } else {
      forget();
    }
  }

  document.addEventListener('keydown', function (event) {
    if ((event.key !== 'Escape' && event.key !== 'Esc') || event.repeat) return;
    var now = Date.now();
    if (now - lastEscape < TWICE_MS) leave();
    else if (embedded && !document.querySelector('.drop[open]')) {
      parent.postMessage({chat: 'escape'}, '*');
    }
    lastEscape = now;
  }, true);

  document.addEventListener('submit', function (event) {
    if (!event.target.hasAttribute('data-leave')) return;
    event.preventDefault();
    leave();
  }, true);

  window.addEventListener('message', function (event) {
    if (embedded && event.source === parent && event.data && event.data.chat === 'leave') leave();
  });

  // Back may bring a frozen page: it is never shown again as it was.
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) { root.hidden = true; location.reload(); }
  });

  // Another tab removed the key that both share.
  window.addEventListener('storage', function (event) {
    if (event.key === 'chat.key' && event.newValue === null && !left) {
      root.hidden = true;
      location.reload();
    }
  });
})();
