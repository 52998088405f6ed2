/* The phone at work: what each event changes on the screen, and what each button sends. */
(function (phone) {
  'use strict';
  var byId = phone.dom.byId;
  var people = [];
  var bubbles = {};
  var chosen = null;
  var typingEnds = null;

  function person() {
    return people.filter(function (each) { return each.id === chosen; })[0] || people[0] || null;
  }

  function find(id) {
    return (bubbles[chosen] || []).filter(function (each) { return each.id === id; })[0] || null;
  }

  function say(message) {
    phone.side.problem('');
    return phone.wire.say(chosen, message).catch(phone.side.complain);
  }

  function press(bubble, button, index) {
    if (button.kind === 'reply') say({kind: 'reply', message: bubble.id, id: button.id});
    if (button.kind === 'tap') say({kind: 'tap', message: bubble.id, index: index});
    if (button.kind === 'location') say({kind: 'location', quote: bubble.id});
    if (button.kind === 'list') {
      phone.sheet.list(bubble, function (id) { say({kind: 'row', message: bubble.id, id: id}); });
    }
  }

  function react(bubble) {
    phone.sheet.reactions(bubble.reaction, function (emoji) {
      say({kind: 'reaction', message: bubble.id, emoji: emoji});
    });
  }

  var on = {find: find, press: press, react: react};

  function atEnd() {
    var chat = byId('chat');
    return chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  }

  function toEnd() { byId('chat').scrollTop = byId('chat').scrollHeight; }

  function put(bubble) {
    var old = byId('messages').querySelector('[data-id="' + bubble.id + '"]');
    var follow = atEnd() || (!old && bubble.sender === 'person');
    if (old) phone.bubble.update(old, bubble);
    else byId('messages').appendChild(phone.bubble.make(bubble, on));
    if (follow) toEnd();
  }

  function paintChat() {
    phone.dom.clear(byId('messages'));
    (bubbles[chosen] || []).forEach(function (bubble) {
      byId('messages').appendChild(phone.bubble.make(bubble, on));
    });
    toEnd();
  }

  function paintState() {
    var who = person();
    clearTimeout(typingEnds);
    var typing = who !== null && who.typing > 0;
    byId('state').textContent = typing ? 'typing…' : '';
    byId('state').className = typing ? 'typing' : '';
    if (typing) {
      typingEnds = setTimeout(function () { who.typing = 0; paintState(); }, who.typing * 1000);
    }
    phone.side.paint(people, who);
  }

  function choose(id) {
    chosen = id;
    location.replace('#' + id);
    phone.sheet.close();
    paintChat();
    paintState();
    byId('text').focus();
  }

  function takePerson(fresh) {
    var known = people.some(function (each) { return each.id === fresh.id; });
    people = known ? people.map(function (each) { return each.id === fresh.id ? fresh : each; })
      : people.concat(fresh);
    paintState();
  }

  function takeBubble(bubble) {
    var list = bubbles[bubble.person] = bubbles[bubble.person] || [];
    var at = list.map(function (each) { return each.id; }).indexOf(bubble.id);
    if (at < 0) list.push(bubble);
    else list[at] = bubble;
    if (at < 0 && bubble.sender === 'business') phone.side.faultIsOver();
    if (bubble.person === chosen) put(bubble);
  }

  function takeAll(event) {
    byId('business').textContent = event.business.name;
    byId('face').textContent = event.business.name.charAt(0);
    people = event.people;
    bubbles = {};
    event.bubbles.forEach(function (each) {
      (bubbles[each.person] = bubbles[each.person] || []).push(each);
    });
    var wanted = chosen || location.hash.slice(1);
    chosen = people.some(function (each) { return each.id === wanted; }) ? wanted : people[0].id;
    paintChat();
    paintState();
  }

  function sendText() {
    var field = byId('text');
    if (!field.value.trim()) return;
    say({kind: 'text', text: field.value.trim()});
    field.value = '';
    grow();
    field.focus();
  }

  function grow() {
    var field = byId('text');
    field.style.height = 'auto';
    field.style.height = Math.min(field.scrollHeight, 110) + 'px';
  }

  function openMenu(open) {
    byId('menu').hidden = !open;
    byId('attach').setAttribute('aria-expanded', String(open));
  }

  // A picture has no height before it is there.
  byId('chat').addEventListener('load', function (event) {
    var chat = byId('chat');
    if (chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80 + event.target.height) toEnd();
  }, true);
  byId('composer').addEventListener('submit', function (event) {
    event.preventDefault();
    sendText();
  });
  byId('text').addEventListener('input', grow);
  byId('text').addEventListener('keydown', function (event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendText();
  });
  byId('attach').addEventListener('click', function () { openMenu(byId('menu').hidden); });
  byId('menu').addEventListener('click', function (event) {
    var kind = event.target.getAttribute('data-send');
    if (!kind) return;
    openMenu(false);
    say({kind: kind});
  });

  phone.side.start(choose);
  phone.wire.follow({
    event: function (event) {
      if (event.people) takeAll(event);
      if (event.person) takePerson(event.person);
      if (event.bubble) takeBubble(event.bubble);
    },
    up: function (yes) { phone.side.problem(yes ? '' : 'The stand-in does not answer.'); }
  });
})(window.phone = window.phone || {});
