/* Where the key of the conversation, the answer about keeping it, and unsent messages live:
   in this tab, or on this phone once the person said so; in memory where storage is blocked. */
(function (chat) {
  'use strict';
  var NAMES = ['chat.key', 'chat.unsent', 'chat.obeyed'];
  var KEPT = 'chat.kept';
  var memory = {};

  function memoryArea() {
    return {
      getItem: function (name) { return name in memory ? memory[name] : null; },
      setItem: function (name, value) { memory[name] = String(value); },
      removeItem: function (name) { delete memory[name]; }
    };
  }

  function area(name) {
    try {
      window[name].setItem('chat.try', '1');
      window[name].removeItem('chat.try');
      return window[name];
    } catch (blocked) {
      return null;
    }
  }

  var tab = area('sessionStorage') || memoryArea();
  var phone = area('localStorage') || tab;

  function read(name) {
    var value = tab.getItem(name);
    return value === null ? phone.getItem(name) : value;
  }

  function drop(name) {
    tab.removeItem(name);
    phone.removeItem(name);
  }

  function write(name, value) {
    drop(name);
    if (value !== null) (kept() === true ? phone : tab).setItem(name, value);
  }

  /* true, false, or null: not asked yet. */
  function kept() {
    var answer = read(KEPT) || document.documentElement.getAttribute('data-kept');
    return answer === null ? null : answer === 'yes';
  }

  function keep(answer) {
    var held = NAMES.map(read);
    NAMES.forEach(drop);
    drop(KEPT);
    document.documentElement.setAttribute('data-kept', answer ? 'yes' : 'no');
    (answer ? phone : tab).setItem(KEPT, answer ? 'yes' : 'no');
    NAMES.forEach(function (name, index) { write(name, held[index]); });
  }

  function forget() {
    NAMES.concat([KEPT]).forEach(drop);
    document.documentElement.removeAttribute('data-kept');
    document.documentElement.removeAttribute('data-exists');
  }

  function unsent() {
    try { return JSON.parse(read('chat.unsent')) || []; } catch (torn) { return []; }
  }

  function setUnsent(entries) {
    write('chat.unsent', entries.length ? JSON.stringify(entries) : null);
  }

  // A conversation that the server knows by its cookie is newer than a key from before.
  if (document.documentElement.hasAttribute('data-exists')) write('chat.key', null);

  chat.keys = {
    token: function () { return read('chat.key'); },
    setToken: function (token) { write('chat.key', token); },
    /* Whether the server knows the conversation by its cookie. */
    byCookie: function () { return document.documentElement.hasAttribute('data-exists'); },
    /* The seq of the last status that was acted on. */
    obeyed: function () { return Number(read('chat.obeyed')); },
    setObeyed: function (seq) { write('chat.obeyed', String(seq)); },
    kept: kept, keep: keep, forget: forget, unsent: unsent, setUnsent: setUnsent
  };
})(window.chat = window.chat || {});
