/* One message on the screen. */
(function (phone) {
  'use strict';
  var el = phone.dom.el;
  var TICKS = {accepted: '🕓', sent: '✓', delivered: '✓✓', read: '✓✓', failed: '!'};
  var SIGNS = {reply: '↩ ', tap: '↩ ', list: '☰ ', location: '⌖ '};

  function time(at) {
    var date = new Date(at * 1000);
    return ('0' + date.getHours()).slice(-2) + ':' + ('0' + date.getMinutes()).slice(-2);
  }

  function text(words, name) {
    return words ? el('p', {'class': name, dir: 'auto'}, phone.dom.rich(words)) : null;
  }

  function media(item) {
    if (item.kind === 'image' || item.kind === 'sticker') {
      return el('img', {src: item.url, alt: 'Picture', 'class': item.kind});
    }
    if (item.kind === 'audio') return el('audio', {src: item.url, controls: ''});
    return phone.dom.external(item.url, '📄 ' + (item.filename || item.kind));
  }

  function place(where) {
    return el('p', {'class': 'place'}, [
      '📍 ' + (where.name || 'Location'),
      el('small', {}, [where.latitude + ', ' + where.longitude])
    ]);
  }

  function quote(bubble, find) {
    var quoted = bubble.quote && find(bubble.quote);
    return quoted ? el('p', {'class': 'quote', dir: 'auto'}, [(quoted.text || quoted.kind).slice(0, 120)]) : null;
  }

  function foot(bubble) {
    var status = bubble.error && bubble.status === 'failed'
      ? 'failed ' + bubble.error.code + ': ' + bubble.error.title : bubble.status;
    return el('p', {'class': 'foot'}, [
      el('time', {}, [time(bubble.at)]),
      el('span', {'class': 'ticks ' + bubble.status, title: status, 'aria-label': status},
        [TICKS[bubble.status] || '']),
      bubble.status === 'failed' ? el('span', {'class': 'why'}, [status]) : null
    ]);
  }

  function name(bubble) { return 'bubble ' + bubble.sender + ' ' + bubble.status; }

  function reaction(bubble) {
    return el('span', {'class': 'reaction', hidden: bubble.reaction ? null : ''}, [bubble.reaction]);
  }

  function action(bubble, each, index, press) {
    if (each.kind === 'url') {
      var link = phone.dom.external(each.url, '↗ ' + each.title);
      link.className = 'action';
      return link;
    }
    return phone.dom.button((SIGNS[each.kind] || '') + each.title, function () {
      press(bubble, each, index);
    }, {'class': 'action', dir: 'auto'});
  }

  function actions(bubble, press) {
    if (!bubble.buttons.length) return null;
    // Taps are counted among themselves.
    var taps = 0;
    return el('div', {'class': 'actions'}, bubble.buttons.map(function (each) {
      return action(bubble, each, each.kind === 'tap' ? taps++ : 0, press);
    }));
  }

  /* Make the item. `on` = {find(id), press(bubble, button, index), react(bubble)}. */
  function make(bubble, on) {
    var body = el('div', {'class': 'body'}, [
      quote(bubble, on.find),
      bubble.template ? el('p', {'class': 'kind'}, ['template ' + bubble.template]) : null,
      text(bubble.header, 'header'),
      bubble.media ? media(bubble.media) : null,
      bubble.place ? place(bubble.place) : null,
      text(bubble.text, 'text'),
      text(bubble.footer, 'footer'),
      bubble.text || bubble.media || bubble.place ? null : el('p', {'class': 'kind'}, [bubble.kind]),
      foot(bubble)
    ]);
    var react = bubble.sender === 'business' ? phone.dom.button('☺', function () {
      on.react(bubble);
    }, {'class': 'react', 'aria-label': 'React'}) : null;
    return el('li', {'class': name(bubble), 'data-id': bubble.id}, [
      body, actions(bubble, on.press), react, reaction(bubble)
    ]);
  }

  /* What may change later: the ticks and the reaction. A voice note that plays goes on. */
  function update(item, bubble) {
    var old = item.querySelector('.foot');
    item.className = name(bubble);
    old.parentNode.replaceChild(foot(bubble), old);
    item.replaceChild(reaction(bubble), item.lastChild);
  }

  phone.bubble = {make: make, update: update};
})(window.phone = window.phone || {});
