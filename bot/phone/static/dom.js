/* Building elements, and a message's text with its links and WhatsApp's own marks. */
(function (phone) {
  'use strict';
  var LINK = /https?:\/\/[^\s<>"\u2066-\u2069]*[^\s<>"\u2066-\u2069.,;:!?)\u060C\u061B\u061F]/g;
  var MARK = /(^|[\s(])([*_~])(\S(?:[^\n]*?\S)?)\2(?=$|[\s).,;:!?])/;
  var TAGS = {'*': 'strong', '_': 'em', '~': 's'};

  function el(tag, attributes, children) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      if (attributes[name] !== null) node.setAttribute(name, attributes[name]);
    });
    (children || []).forEach(function (child) {
      if (child) node.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
    });
    return node;
  }

  function safe(url) { return /^https?:\/\//.test(url) || /^\/phone\/media\//.test(url); }

  function external(url, title) {
    if (!safe(url)) return el('span', {}, [title]);
    return el('a', {href: url, target: '_blank', rel: 'noopener noreferrer'}, [title]);
  }

  /* *bold*, _italic_ and ~struck~, which may stand in one another. */
  function marked(text) {
    var found = MARK.exec(text);
    if (!found) return [document.createTextNode(text)];
    var start = found.index + found[1].length;
    var rest = text.slice(found.index + found[0].length);
    return [document.createTextNode(text.slice(0, start))]
      .concat(el(TAGS[found[2]], {}, marked(found[3])))
      .concat(rest ? marked(rest) : []);
  }

  function rich(text) {
    var all = [];
    var from = 0;
    text.replace(LINK, function (url, at) {
      all = all.concat(marked(text.slice(from, at)), external(url, url));
      from = at + url.length;
      return url;
    });
    return all.concat(marked(text.slice(from)));
  }

  function button(title, press, attributes) {
    var node = el('button', attributes || {}, [title]);
    node.type = 'button';
    node.addEventListener('click', press);
    return node;
  }

  phone.dom = {
    el: el, rich: rich, external: external, button: button,
    byId: function (id) { return document.getElementById(id); },
    clear: function (node) { while (node.firstChild) node.removeChild(node.firstChild); return node; }
  };
})(window.phone = window.phone || {});
