/* The sheet that comes up from below: the rows of a list, or the emojis of a reaction. */
(function (phone) {
  'use strict';
  var el = phone.dom.el;
  var EMOJIS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
  var opener = null;

  function sheet() { return phone.dom.byId('sheet'); }

  function close() {
    sheet().hidden = true;
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  }

  function open(title, content) {
    opener = document.activeElement;
    var head = el('p', {'class': 'sheet-head'}, [
      phone.dom.button('✕', close, {'aria-label': 'Close'}), el('strong', {dir: 'auto'}, [title])
    ]);
    var panel = el('div', {'class': 'panel', role: 'dialog', 'aria-label': title}, [head, content]);
    phone.dom.clear(sheet()).appendChild(panel);
    sheet().hidden = false;
    panel.querySelector('input, .emojis button').focus();
  }

  function row(each) {
    return el('label', {'class': 'row'}, [
      el('span', {'class': 'words', dir: 'auto'}, [
        el('span', {'class': 'title'}, [each.title]),
        each.description ? el('span', {'class': 'about'}, [each.description]) : null
      ]),
      el('input', {type: 'radio', name: 'row', value: each.id, required: ''})
    ]);
  }

  function section(each) {
    var rows = each.rows.map(row);
    return el('fieldset', {}, [each.title ? el('legend', {dir: 'auto'}, [each.title]) : null].concat(rows));
  }

  /* Let one row be chosen; `take` gets its id. */
  function list(bubble, take) {
    var form = el('form', {}, [
      el('div', {'class': 'rows'}, bubble.sections.map(section)),
      el('button', {'class': 'main'}, ['Send'])
    ]);
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      var chosen = form.querySelector('input:checked');
      close();
      take(chosen.value);
    });
    open(bubble.buttons[0].title, form);
  }

  function reactions(current, take) {
    open('React', el('div', {'class': 'emojis'}, EMOJIS.map(function (emoji) {
      return phone.dom.button(emoji, function () {
        close();
        take(emoji === current ? '' : emoji);
      }, {'aria-pressed': String(emoji === current)});
    })));
  }

  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' && !sheet().hidden) close();
  });
  document.addEventListener('click', function (event) {
    if (event.target === sheet()) close();
  });

  phone.sheet = {list: list, reactions: reactions, close: function () { if (!sheet().hidden) close(); }};
})(window.phone = window.phone || {});
