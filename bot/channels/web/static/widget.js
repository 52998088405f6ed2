/* A button on a partner's page that opens the chat in a frame. It keeps nothing, reads nothing of
   the page, and asks this server for nothing more until the button is pressed.
   <script src=".../widget.js" data-language="ar" data-label="..." data-close="..." defer></script> */
(function () {
  'use strict';
  var script = document.currentScript;
  var origin = new URL(script.src).origin;
  var TWICE_MS = 2000;
  var TOP_LAYER = '2147483000';
  var frame = null;
  var button = null;
  var closedByEscape = 0;

  function given(name, otherwise) { return script.getAttribute('data-' + name) || otherwise; }

  function style(node, rules) {
    Object.keys(rules).forEach(function (name) { node.style[name] = rules[name]; });
    node.style.position = 'fixed';
    node.style.zIndex = TOP_LAYER;
    node.style[document.documentElement.dir === 'rtl' ? 'left' : 'right'] = '16px';
  }

  function address() {
    var language = given('language', '');
    return origin + '/chat?embed=1' + (language ? '&language=' + encodeURIComponent(language) : '');
  }

  function makeFrame() {
    frame = document.createElement('iframe');
    frame.src = address();
    frame.title = given('label', 'Chat');
    frame.referrerPolicy = 'no-referrer';
    frame.addEventListener('load', enter);
    style(frame, {
      bottom: '76px', width: 'calc(100vw - 32px)', maxWidth: '400px',
      height: 'calc(100vh - 92px)', maxHeight: '640px', border: '1px solid #87929a',
      borderRadius: '14px', background: '#faf6ef', colorScheme: 'normal'
    });
    // Before the button, so that the keyboard reaches it next to its button.
    button.parentNode.insertBefore(frame, button);
  }

  function isOpen() { return frame !== null && frame.style.display !== 'none'; }

  function paint() {
    button.textContent = isOpen() ? '\u00d7 ' + given('close', 'Close') : given('label', 'Chat');
    button.setAttribute('aria-expanded', String(isOpen()));
  }

  /* Bring the keyboard in. A frame of another site must take the focus itself. */
  function enter() {
    if (!isOpen()) return;
    frame.focus();
    frame.contentWindow.postMessage({chat: 'opened'}, origin);
  }

  function open() {
    if (frame) frame.style.display = 'block'; else makeFrame();
    paint();
    enter();
  }

  function close() {
    if (frame) frame.style.display = 'none';
    paint();
    button.focus();
  }

  /* Once closes; twice leaves the page: the frame clears itself first and answers "exit". */
  function escape() {
    if (Date.now() - closedByEscape < TWICE_MS && frame) {
      frame.contentWindow.postMessage({chat: 'leave'}, origin);
    } else if (isOpen()) {
      closedByEscape = Date.now();
      close();
    }
  }

  function heard(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    var word = event.data && event.data.chat;
    if (word === 'escape') escape();
    if (word === 'exit' && /^https?:\/\//.test(event.data.url)) {
      frame.style.display = 'none';
      location.replace(event.data.url);
    }
  }

  function start() {
    button = document.createElement('button');
    button.type = 'button';
    button.lang = given('language', '');
    style(button, {
      bottom: '16px', minHeight: '48px', minWidth: '48px', padding: '8px 20px',
      border: '1px solid #ffffff', borderRadius: '24px', background: '#0b6455', color: '#ffffff',
      font: '600 17px/1.4 system-ui, sans-serif', cursor: 'pointer'
    });
    button.addEventListener('click', function () { if (isOpen()) close(); else open(); });
    document.body.appendChild(button);
    paint();
    window.addEventListener('message', heard);
    document.addEventListener('keydown', function (event) {
      if (event.key === 'Escape' && !event.repeat) escape();
    });
  }

  if (document.body) start(); else document.addEventListener('DOMContentLoaded', start);
})();
