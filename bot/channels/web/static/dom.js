/* Building elements, and text with its links and its left-to-right parts. Never from markup. */
(function (chat) {
  'use strict';
  var LINK = new RegExp([
    'https?://[^\\s<>"\\u2066-\\u2069]*[^\\s<>"\\u2066-\\u2069.,;:!?)\\u060C\\u061B\\u061F]',
    '[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+',
    '\\+\\d[\\d ()\\u00A0.-]{6,}\\d',
    '\\b0\\d{2,3}(?:[ .-]?\\d{2,4}){2,4}\\b',
    '\\b112\\b(?![/.]\\d)'
  ].join('|'), 'g');
  // Latin words and numbers, with the punctuation that stands inside them.
  var LATIN = /[0-9A-Za-z\u00C0-\u024F](?:[ .,:'\u2019&\/-]?[0-9A-Za-z\u00C0-\u024F])*/g;

  function el(tag, attributes, children) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      if (attributes[name] !== null) node.setAttribute(name, attributes[name]);
    });
    (children || []).forEach(function (child) {
      if (child === null) return;
      node.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
    });
    return node;
  }

  /* Split text by a pattern: plain parts through one function, matches through another. */
  function split(text, pattern, plain, found) {
    var nodes = [];
    var from = 0;
    text.replace(pattern, function (match) {
      // The offset is the argument before the last, however many groups there are.
      var at = arguments[arguments.length - 2];
      if (at > from) nodes.push(plain(text.slice(from, at)));
      nodes.push(found(match));
      from = at + match.length;
    });
    if (from < text.length) nodes.push(plain(text.slice(from)));
    return nodes;
  }

  function external(url, title) {
    return el('a', {href: url, target: '_blank', rel: 'noopener noreferrer'}, [title]);
  }

  function link(match) {
    if (/^https?:/.test(match)) return external(match, match);
    if (match.indexOf('@') > 0) return el('a', {href: 'mailto:' + match, dir: 'ltr'}, [match]);
    return el('a', {href: 'tel:' + match.replace(/[^\d+]/g, ''), dir: 'ltr'}, [match]);
  }

  function fragment(nodes) {
    var all = document.createDocumentFragment();
    nodes.forEach(function (node) { all.appendChild(node); });
    return all;
  }

  function plainText(text) { return document.createTextNode(text); }

  function isolated(text) {
    return fragment(split(text, LATIN, plainText, function (match) {
      return el('bdi', {dir: 'ltr'}, [match]);
    }));
  }

  /* Text as nodes: addresses and numbers are links; in right-to-left text Latin parts stand
     apart, so that they keep their own order. */
  function rich(text, direction) {
    return fragment(split(text, LINK, direction === 'rtl' ? isolated : plainText, link));
  }

  chat.dom = {
    el: el,
    rich: rich,
    external: external,
    byId: function (id) { return document.getElementById(id); },
    /* A link given by the server: only these schemes. */
    allowed: function (url) { return /^(https?|tel|mailto):/.test(url); }
  };
})(window.chat = window.chat || {});
