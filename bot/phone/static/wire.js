/* Talking to the stand-in: single calls, and the stream of everything that changes. */
(function (phone) {
  'use strict';

  /* One call; rejects with the sentence that says what was wrong. */
  function call(method, path, body) {
    return fetch(path, {
      method: method, cache: 'no-store', headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(body)
    }).then(function (resp) {
      return resp.json().then(function (data) {
        if (resp.ok) return data;
        throw new Error(data.error ? data.error.error_data.details : 'Not possible');
      });
    });
  }

  phone.wire = {
    call: call,
    say: function (person, message) {
      return call('POST', '/phone/people/' + person + '/messages', message);
    },
    change: function (person, what) { return call('PATCH', '/phone/people/' + person, what); },
    /* `on` = {event(data), up(yes)}; the browser connects again by itself. */
    follow: function (on) {
      var source = new EventSource('/phone/events');
      source.onmessage = function (message) { on.event(JSON.parse(message.data)); };
      source.onopen = function () { on.up(true); };
      source.onerror = function () { on.up(false); };
    }
  };
})(window.phone = window.phone || {});
