/* Talking to the server: single calls, and the stream of messages with polling in its place
   where streams do not get through. No text is ever put into an address. */
(function (chat) {
  'use strict';
  var CALL_MS = 20000;
  var SILENCE_MS = 45000;
  var LATE_MS = 6000;
  var WAITS_MS = [1000, 2000, 4000, 8000, 15000, 30000];
  var POLL_MS = 3000;
  var POLL_IDLE_MS = 12000;
  var IDLE_AFTER_MS = 120000;

  function headers(extra) {
    var all = extra || {};
    var token = chat.keys.token();
    if (token) all.Authorization = 'Bearer ' + token;
    return all;
  }

  function options(method, extra) {
    return {
      method: method, headers: headers(extra), cache: 'no-store',
      // With a key of its own the page wants no cookie, nor to be given one.
      credentials: chat.keys.byCookie() ? 'same-origin' : 'omit'
    };
  }

  function timely(promise) {
    return new Promise(function (resolve, reject) {
      var timer = setTimeout(function () { reject(new Error('timeout')); }, CALL_MS);
      promise.then(resolve, reject).then(function () { clearTimeout(timer); });
    });
  }

  /* One call. Resolves to {status, data}; rejects only where nothing came back. */
  function call(method, path, body) {
    var all = options(method, body ? {'Content-Type': 'application/json'} : {});
    if (body) all.body = JSON.stringify(body);
    return timely(fetch(path, all).then(function (resp) {
      return resp.text().then(function (text) {
        var data = null;
        try { data = JSON.parse(text); } catch (notJson) { data = null; }
        return {status: resp.status, data: data};
      });
    }));
  }

  /* A form of the page, sent for the person. */
  function post(fields) {
    var all = options('POST', {'Content-Type': 'application/x-www-form-urlencoded'});
    fields.csrf = document.querySelector('input[name=csrf]').value;
    all.credentials = 'same-origin';
    all.redirect = 'manual';
    all.body = Object.keys(fields).map(function (name) {
      return encodeURIComponent(name) + '=' + encodeURIComponent(fields[name]);
    }).join('&');
    return timely(fetch('/chat', all));
  }

  function wait(tries) {
    var base = WAITS_MS[Math.min(tries, WAITS_MS.length - 1)];
    return base * (0.75 + Math.random() / 2);
  }

  function lost(status) { return status === 401 || status === 404 || status === 410; }

  /* Give each whole frame's data to `take`; returns the unfinished rest. */
  function frames(buffer, take) {
    var parts = buffer.replace(/\r\n?/g, '\n').split('\n\n');
    var rest = parts.pop();
    parts.forEach(function (frame) {
      var data = frame.split('\n').filter(function (line) {
        return line.indexOf('data:') === 0;
      }).map(function (line) { return line.slice(5).replace(/^ /, ''); }).join('\n');
      if (data) take(JSON.parse(data));
    });
    return rest;
  }

  /* Follow a conversation. `on` = {after(), message(m), gone(), network(up)}. */
  function Follower(on) {
    this.on = on;
    this.tries = 0;
    this.silentStreams = 0;
    this.stopped = true;
    this.reader = null;
    this.timer = null;
    this.watch = null;
    this.run = 0;
    this.lastWord = Date.now();
  }

  Follower.prototype.start = function () {
    this.stop();
    this.stopped = false;
    this.tries = 0;
    this.silentStreams = 0;
    this.next(0);
  };

  Follower.prototype.stop = function () {
    this.stopped = true;
    this.run += 1;
    clearTimeout(this.timer);
    this.cut();
  };

  Follower.prototype.cut = function () {
    clearTimeout(this.watch);
    if (this.reader) this.reader.cancel().catch(function () { return null; });
    this.reader = null;
  };

  Follower.prototype.next = function (delay) {
    var self = this;
    clearTimeout(this.timer);
    this.timer = setTimeout(function () {
      if (self.stopped) return;
      self.run += 1;
      if (self.streams()) self.stream(self.run); else self.poll(self.run);
    }, delay);
  };

  Follower.prototype.streams = function () {
    return this.silentStreams < 2 && typeof TextDecoder === 'function';
  };

  Follower.prototype.failed = function (run, error) {
    if (this.stopped || run !== this.run) return;
    // What this attempt still says later is not listened to.
    this.run += 1;
    this.cut();
    if (error && lost(error.status)) { this.stop(); this.on.gone(); return; }
    if (this.tries > 0) this.on.network(false);
    this.next(wait(this.tries));
    this.tries += 1;
  };

  Follower.prototype.alive = function () {
    this.tries = 0;
    this.lastWord = Date.now();
    this.on.network(true);
  };

  Follower.prototype.stream = function (run) {
    var self = this;
    var heard = false;
    this.guard(run);
    fetch('/chat/events?after=' + this.on.after(), options('GET', {Accept: 'text/event-stream'}))
      .then(function (resp) {
        if (resp.status !== 200) throw {status: resp.status};
        if (!resp.body) { self.silentStreams = 2; throw {status: 0}; }
        if (run !== self.run) return resp.body.cancel();
        self.alive();
        self.reader = resp.body.getReader();
        return self.read(run, new TextDecoder(), '', function () { heard = true; });
      })
      .then(function () { throw {status: 0}; })
      .catch(function (error) {
        if (run === self.run && !heard && !error.status) self.silentStreams += 1;
        self.failed(run, error);
      });
  };

  Follower.prototype.read = function (run, decoder, rest, heard) {
    var self = this;
    return this.reader.read().then(function (piece) {
      if (piece.done || run !== self.run) return null;
      heard();
      self.guard(run);
      self.silentStreams = 0;
      var left = frames(rest + decoder.decode(piece.value, {stream: true}), self.take.bind(self));
      return self.read(run, decoder, left, heard);
    });
  };

  /* A stream that says nothing for long is taken for dead. */
  Follower.prototype.guard = function (run) {
    var self = this;
    clearTimeout(this.watch);
    this.watch = setTimeout(function () { self.failed(run, null); }, SILENCE_MS);
  };

  Follower.prototype.take = function (message) {
    this.lastWord = Date.now();
    this.on.message(message);
  };

  Follower.prototype.poll = function (run) {
    var self = this;
    return call('GET', '/chat/messages?after=' + this.on.after()).then(function (resp) {
      if (run !== self.run) return;
      if (resp.status !== 200) throw {status: resp.status};
      resp.data.forEach(self.take.bind(self));
      self.tries = 0;
      self.on.network(true);
      self.next(Date.now() - self.lastWord > IDLE_AFTER_MS ? POLL_IDLE_MS : POLL_MS);
    }).catch(function (error) { self.failed(run, error); });
  };

  /* A message was stored as `seq`: if the stream does not bring it, something in between holds
     the stream back, and polling takes over. */
  Follower.prototype.expect = function (seq) {
    var self = this;
    this.lastWord = Date.now();
    if (this.stopped) return;
    setTimeout(function () {
      if (self.stopped || self.on.after() >= seq) return;
      self.silentStreams = 2;
      self.cut();
      self.next(0);
    }, LATE_MS);
  };

  chat.wire = {
    call: call, post: post, wait: wait, lost: lost,
    follow: function (on) { return new Follower(on); }
  };
})(window.chat = window.chat || {});
