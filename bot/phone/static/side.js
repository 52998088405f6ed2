/* Beside the phone: who is writing, what their phone does, and what goes wrong. */
(function (phone) {
  'use strict';
  var el = phone.dom.el;
  var byId = phone.dom.byId;
  var SWITCHES = ['off', 'reads', 'hidden'];
  var current = null;
  var pick = null;

  function problem(words) { byId('problem').textContent = words || ''; }

  function complain(error) { problem(error.message); }

  function known(person) {
    if (!person.hidden) return '+' + person.phone;
    return person.user_id + (person.phone ? ' (number hidden)' : '');
  }

  function item(person) {
    var chosen = current && person.id === current.id;
    return el('li', {}, [phone.dom.button('', function () { pick(person.id); },
      {'aria-pressed': String(Boolean(chosen)), 'data-person': person.id})]);
  }

  function paintPeople(people) {
    phone.dom.clear(byId('people'));
    people.forEach(function (person) {
      var node = item(person);
      node.firstChild.appendChild(el('strong', {dir: 'auto'}, [person.name]));
      node.firstChild.appendChild(el('small', {}, [known(person)]));
      byId('people').appendChild(node);
    });
  }

  function paint(people, person) {
    current = person;
    paintPeople(people);
    if (!person) return;
    SWITCHES.forEach(function (name) { byId(name).checked = person[name]; });
    byId('hidden').disabled = !person.phone;
    byId('window').textContent = person.window_open
      ? 'The business may write freely.' : 'The business may send a template only.';
  }

  function fault(value) {
    var given = {refuse: 0, fail: 0, drop: 0};
    if (value === 'drop') given.drop = 1;
    else if (value === '131026') { given.fail = 1; given.fail_code = 131026; }
    else if (value) { given.refuse = 1; given.code = Number(value); }
    return phone.wire.call('POST', '/control/faults', given);
  }

  SWITCHES.forEach(function (name) {
    byId(name).addEventListener('change', function (event) {
      var what = {};
      what[name] = event.target.checked;
      phone.wire.change(current.id, what).catch(complain);
    });
  });

  byId('close-window').addEventListener('click', function () {
    phone.wire.call('POST', '/control/window', {person: current.id}).catch(complain);
  });

  byId('fault').addEventListener('change', function (event) {
    fault(event.target.value).catch(complain);
  });

  byId('new-person').addEventListener('submit', function (event) {
    event.preventDefault();
    var form = event.target;
    phone.wire.call('POST', '/phone/people', {
      name: byId('new-name').value, phone: byId('new-phone').value
    }).then(function (person) {
      form.reset();
      problem('');
      pick(person.id);
    }).catch(complain);
  });

  phone.side = {
    start: function (choose) { pick = choose; },
    paint: paint, problem: problem, complain: complain,
    // It was for one message; that one has come.
    faultIsOver: function () { byId('fault').value = ''; }
  };
})(window.phone = window.phone || {});
