/* The messages on the screen: each shown once, in the order of its seq, unsent ones last. */
(function (chat) {
  'use strict';
  var el = chat.dom.el;
  var typingTimer = null;
  var TYPING_MS = 20000;
  var opening = false;

  function list() { return chat.dom.byId('messages'); }

  function each(selector, act) {
    Array.prototype.forEach.call(list().querySelectorAll(selector), act);
  }

  function seqOf(item) {
    return item.hasAttribute('data-seq') ? Number(item.getAttribute('data-seq')) : Infinity;
  }

  function bySeq(seq) { return list().querySelector('[data-seq="' + Number(seq) + '"]'); }

  function byOwnId(id) {
    return Array.prototype.filter.call(list().children, function (item) {
      return item.getAttribute('data-id') === id;
    })[0] || null;
  }

  function who(message) {
    if (message.author === 'person') return el('span', {'class': 'who unseen'}, [chat.text('you')]);
    if (message.author === 'bot') return el('span', {'class': 'who unseen'}, [chat.text('bot')]);
    var name = message.agent
      ? chat.text('agent').replace('{name}', function () { return message.agent; })
      : chat.text('someone');
    return el('span', {'class': 'who'}, [name]);
  }

  function choiceButton(choice, index) {
    return el('button', {type: 'button', name: 'choice', value: choice.id}, [
      el('span', {'class': 'number'}, [String(index + 1)]), ' ',
      el('span', {'class': 'title'}, [
        choice.title, choice.description ? el('small', {}, [choice.description]) : null
      ])
    ]);
  }

  function choices(message) {
    if (!(message.choices || []).length) return null;
    // Where a typed number is an answer, the choices bear none.
    var kind = message.numbered === false ? 'choices plain' : 'choices';
    return el('div', {'class': kind, role: 'group', 'aria-label': chat.text('choose')},
      message.choices.map(choiceButton));
  }

  function links(message) {
    var allowed = (message.links || []).filter(function (link) { return chat.dom.allowed(link.url); });
    if (!allowed.length) return null;
    return el('ul', {'class': 'links'}, allowed.map(function (link) {
      return el('li', {}, [chat.dom.external(link.url, link.title)]);
    }));
  }

  function build(message) {
    var own = message.author === 'person';
    var text = el('div', {'class': 'text'}, []);
    text.appendChild(chat.dom.rich(message.text, own ? 'auto' : message.direction));
    return el('li', {
      'class': 'message ' + message.author, tabindex: '-1',
      'data-seq': message.seq || null, 'data-id': message.id || null
    }, [
      who(message),
      el('div', {
        'class': 'body', lang: message.language || document.documentElement.lang,
        dir: own ? 'auto' : message.direction
      }, [text, links(message), choices(message)])
    ]);
  }

  function place(item) {
    var after = Array.prototype.filter.call(list().children, function (other) {
      return other !== item && seqOf(other) > seqOf(item);
    })[0] || null;
    // Moving an element, even to where it is, takes the focus from it.
    if (item.parentNode !== list() || item.nextElementSibling !== after) {
      list().insertBefore(item, after);
    }
  }

  /* Choices of any message but the newest turn into plain text. */
  function retire() {
    var newest = list().lastElementChild;
    each('.choices', function (group) {
      if (newest.contains(group)) return;
      var titles = Array.prototype.map.call(group.querySelectorAll('.title'), function (title) {
        return el('li', {}, [title.firstChild.textContent]);
      });
      (group.form || group).parentNode.replaceChild(el('ul', {'class': 'passed'}, titles), group);
    });
  }

  function nearEnd() {
    var page = document.documentElement;
    return page.scrollHeight - window.innerHeight - window.pageYOffset < 200;
  }

  /* Bring the beginning of a message under the bar, but never past the end of the page. */
  function show(item) {
    var bar = document.querySelector('.bar').offsetHeight;
    window.scrollTo(0, item.getBoundingClientRect().top + window.pageYOffset - bar - 8);
  }

  function mark(item, state, label) {
    var old = item.querySelector('.mark');
    if (old) item.removeChild(old);
    item.className = 'message person' + (state ? ' ' + state : '');
    if (state) item.appendChild(el('span', {'class': 'mark'}, [label]));
  }

  function typing(on) {
    clearTimeout(typingTimer);
    chat.dom.byId('typing').hidden = !on;
    if (on) typingTimer = setTimeout(function () { typing(false); }, TYPING_MS);
  }

  /* Our own message, from the stream, for the one that is already on the screen. */
  function confirm(item, message) {
    item.setAttribute('data-seq', message.seq);
    mark(item, '', '');
    place(item);
  }

  /* Show a message of the server. Returns false if it is there already. */
  function add(message) {
    if (bySeq(message.seq)) return false;
    var mine = message.id ? byOwnId(message.id) : null;
    if (mine) {
      confirm(mine, message);
      return true;
    }
    var follow = nearEnd();
    var item = build(message);
    place(item);
    retire();
    if (message.author !== 'person') {
      chat.listen.offer(item);
      typing(false);
    }
    if (follow || opening) show(item);
    else if (message.author !== 'person') chat.unread.note(item);
    return true;
  }

  /* Show what the person just wrote, before the server has it. */
  function addOwn(entry) {
    opening = false;
    var item = byOwnId(entry.id) || build({author: 'person', id: entry.id, text: entry.text || entry.title});
    place(item);
    mark(item, 'waiting', chat.text('waiting'));
    retire();
    show(item);
    return item;
  }

  function sent(id) {
    var item = byOwnId(id);
    if (item) mark(item, '', '');
  }

  function failed(id, label, again) {
    var item = byOwnId(id);
    if (!item) return;
    mark(item, 'failed', label + ' ');
    var button = el('button', {type: 'button'}, [chat.text('again')]);
    button.addEventListener('click', again);
    item.querySelector('.mark').appendChild(button);
  }

  /* Messages that came with the page get links and "Listen" as the later ones do. */
  function adopt() {
    each('.message', function (item) {
      var body = item.querySelector('.body');
      var text = body.querySelector('.text');
      var words = text.textContent;
      text.textContent = '';
      text.appendChild(chat.dom.rich(words, body.dir));
      item.tabIndex = -1;
      if (!item.classList.contains('person')) chat.listen.offer(item);
    });
  }

  function newestAnswer() {
    var answers = list().querySelectorAll('.message:not(.person) .body');
    return answers[answers.length - 1] || null;
  }

  chat.log = {
    add: add, addOwn: addOwn, show: show, sent: sent, failed: failed, adopt: adopt, typing: typing,
    /* While what was said before comes back, the page moves to the newest of it. */
    open: function (on) { opening = on; },
    /* What was said in a conversation that is gone stays to be read, before all that follows. */
    close: function () {
      each('[data-seq]', function (item) { item.setAttribute('data-seq', '0'); });
      typing(false);
    },
    clear: function () { list().textContent = ''; typing(false); },
    count: function () { return list().children.length; },
    hasOwn: function () { return list().querySelector('.person') !== null; },
    lastSeq: function () {
      return Array.prototype.reduce.call(list().children, function (top, item) {
        return Math.max(top, Number(item.getAttribute('data-seq')) || 0);
      }, 0);
    },
    language: function () {
      var answer = newestAnswer();
      return answer ? answer.lang : null;
    }
  };
})(window.chat = window.chat || {});
