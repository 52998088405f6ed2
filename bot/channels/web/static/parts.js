/* The page's own words and what is open or hidden around the messages. */
(function (chat) {
  'use strict';
  var byId = chat.dom.byId;
  var texts = JSON.parse(byId('texts').textContent);
  var wanted = null;

  chat.text = function (name) { return texts[name]; };

  function page() { return document.documentElement; }

  /* Set a text only where it changes: each change is read aloud. */
  function say(id, text) {
    if (byId(id).textContent !== text) byId(id).textContent = text;
  }

  function paint() {
    var kept = chat.keys.kept();
    byId('keep').hidden = kept !== null || !chat.log.hasOwn();
    byId('start').hidden = chat.log.count() > 0;
    chat.unread.paint();
    say('kept-now', kept === null ? '' : chat.text(kept ? 'kept' : 'unkept'));
  }

  function closeMenus(except) {
    Array.prototype.forEach.call(document.querySelectorAll('.drop[open]'), function (menu) {
      if (menu === except) return;
      menu.open = false;
      // A question left open is asked anew.
      if (menu.querySelector('details')) menu.querySelector('details').open = false;
    });
  }

  /* Grow with the text, as far as the style sheet allows. */
  function grow() {
    var field = byId('text');
    field.style.height = 'auto';
    field.style.height = field.scrollHeight + 2 + 'px';
  }

  function focusInPart() {
    var active = document.activeElement;
    return active && active.closest('[data-part]') ? active.id || 'languages' : null;
  }

  function restore(state) {
    byId('text').value = state.draft;
    byId('about').open = state.about;
    if (state.receipt !== null) showReceipt(state.receipt);
    var target = state.focus && byId(state.focus);
    if (target) (target.querySelector('summary') || target).focus();
  }

  function showReceipt(number) {
    byId('receipt').hidden = false;
    byId('receipt-number').textContent = number;
    byId('receipt-number').parentNode.hidden = !number;
  }

  function replaceParts(fresh) {
    Array.prototype.forEach.call(document.querySelectorAll('[data-part]'), function (old) {
      var name = old.getAttribute('data-part');
      var next = fresh.querySelector('[data-part="' + name + '"]');
      if (next) old.parentNode.replaceChild(document.adoptNode(next), old);
    });
    byId('log').setAttribute('aria-label', fresh.getElementById('log').getAttribute('aria-label'));
  }

  function adopt(html) {
    var fresh = new DOMParser().parseFromString(html, 'text/html');
    if (!fresh.getElementById('texts')) return;
    var state = {
      draft: byId('text').value, about: byId('about').open, focus: focusInPart(),
      receipt: byId('receipt').hidden ? null : byId('receipt-number').textContent
    };
    replaceParts(fresh);
    texts = JSON.parse(byId('texts').textContent);
    page().lang = fresh.documentElement.lang;
    page().dir = fresh.documentElement.dir;
    document.title = fresh.title;
    restore(state);
    grow();
    paint();
  }

  function offered(language) {
    return Array.prototype.some.call(
      document.querySelectorAll('#languages button[name=choice]'),
      function (button) { return button.value === language; });
  }

  function address(language) {
    return '/chat?' + (page().hasAttribute('data-embed') ? 'embed=1&' : '') +
      'language=' + encodeURIComponent(language);
  }

  /* Show the page's words in another language; the messages and the draft stay. */
  function speak(language) {
    if (!offered(language) || language === page().lang || language === wanted) return;
    wanted = language;
    fetch(address(language), {credentials: 'same-origin', cache: 'no-store'})
      .then(function (resp) { return resp.ok ? resp.text() : Promise.reject(resp); })
      .then(function (html) {
        if (wanted !== language) return;
        adopt(html);
        history.replaceState(null, '', address(language));
      })
      .then(done, done);
    function done() { if (wanted === language) wanted = null; }
  }

  chat.parts = {
    paint: paint, say: say, closeMenus: closeMenus, grow: grow, speak: speak,
    showReceipt: function (number) {
      showReceipt(number);
      byId('receipt').focus();
    },
    hideReceipt: function () { byId('receipt').hidden = true; }
  };
})(window.chat = window.chat || {});
