/* What the person wrote and the server does not have yet: sent in order, each with its own id,
   again and again until it is stored; the same id never counts twice. */
(function (chat) {
  'use strict';
  var entries = [];
  var busy = false;
  var tries = 0;
  var timer = null;
  var on = null;

  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.prototype.map.call(bytes, function (byte) {
      return ('0' + byte.toString(16)).slice(-2);
    }).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  function save() { chat.keys.setUnsent(entries); }

  function drop(id) {
    entries = entries.filter(function (entry) { return entry.id !== id; });
    save();
  }

  function content(entry) {
    return entry.choice ? {id: entry.id, choice: entry.choice} : {id: entry.id, text: entry.text};
  }

  function settle(entry, resp) {
    if (resp.status === 200 || resp.status === 202) {
      drop(entry.id);
      chat.log.sent(entry.id);
      on.stored(resp.data.seq);
    } else if (chat.wire.lost(resp.status)) {
      on.gone();
    } else if (resp.status >= 400 && resp.status < 500 && resp.status !== 408 && resp.status !== 429) {
      drop(entry.id);
      refuse(entry);
    } else {
      throw new Error('not now');
    }
  }

  /* The server will not take it as it is: the person may send it again, under a new id. */
  function refuse(entry) {
    chat.log.failed(entry.id, chat.text('failed'), function () {
      var item = document.querySelector('[data-id="' + entry.id + '"]');
      item.parentNode.removeChild(item);
      add(entry.choice ? {choice: entry.choice, title: entry.title} : {text: entry.text});
    });
  }

  function again() {
    on.network(false);
    clearTimeout(timer);
    timer = setTimeout(flush, chat.wire.wait(tries));
    tries += 1;
  }

  function flush() {
    if (busy || !entries.length) return;
    var entry = entries[0];
    busy = true;
    on.ready().then(function () {
      return chat.wire.call('POST', '/chat/messages', content(entry));
    }).then(function (resp) {
      settle(entry, resp);
      tries = 0;
      on.network(true);
    }).then(function () {
      busy = false;
      flush();
    }, function () {
      busy = false;
      again();
    });
  }

  /* Take a message: {text} or {choice, title}. It is shown at once. */
  function add(entry) {
    entry.id = newId();
    entries.push(entry);
    save();
    var item = chat.log.addOwn(entry);
    flush();
    return item;
  }

  chat.outbox = {
    add: add,
    /* `to` = {ready() -> Promise, stored(seq), gone(), network(up)}. */
    start: function (to) {
      on = to;
      entries = chat.keys.unsent();
      entries.forEach(chat.log.addOwn);
      flush();
    },
    now: function () {
      tries = 0;
      clearTimeout(timer);
      flush();
    },
    waiting: function () { return entries.length > 0; },
    /* The conversation is gone: what was not sent stays on the screen, to be sent by hand. */
    giveUp: function () {
      var left = entries;
      entries = [];
      save();
      left.forEach(refuse);
    },
    clear: function () { entries = []; save(); clearTimeout(timer); }
  };
})(window.chat = window.chat || {});
