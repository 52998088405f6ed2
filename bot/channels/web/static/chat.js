/* The page at work: what each button does, and what each message of the server changes. */
(function (chat) {
  'use strict';
  // Without these the plain forms serve; nothing has been taken over yet.
  if (!window.fetch || !window.Promise || !window.crypto || !document.body.closest) return;

  var byId = chat.dom.byId;
  var LANGUAGE = 'language';
  var ERASED = 'utter_erased';
  var follower = chat.wire.follow({
    after: newest, message: take, gone: gone, network: network
  });
  var chosen = new RegExp('[?&]' + LANGUAGE + '=([^&]+)').exec(location.search);
  var language = chosen ? decodeURIComponent(chosen[1]) : null;
  var creating = null;
  var top = 0;

  /* The newest seq that was heard; a status has one too, but is not shown. */
  function newest() { return Math.max(top, chat.log.lastSeq()); }

  function known() { return chat.keys.token() !== null || chat.keys.byCookie(); }

  /* Resolves once there is a conversation; the first message makes it. */
  function ready() {
    if (known()) return Promise.resolve();
    if (creating) return creating;
    creating = chat.wire.call('POST', '/chat/conversations', language ? {language: language} : {})
      .then(function (resp) {
        creating = null;
        if (resp.status !== 201) throw new Error('not now');
        chat.keys.setToken(resp.data.token);
        follower.start();
      }, function (error) {
        creating = null;
        throw error;
      });
    return creating;
  }

  function network(up) {
    var problem = !up && (chat.outbox.waiting() || known());
    chat.parts.say('network', problem ? chat.text('offline') : '');
  }

  function problem(name) { chat.parts.say('problem', name ? chat.text(name) : ''); }

  function take(message) {
    top = Math.max(top, message.seq || 0);
    // Deleted by a written word: this receipt is all that is left.
    if ((message.names || []).indexOf(ERASED) >= 0) chat.log.clear();
    if (message.kind === 'typing') chat.log.typing(true);
    if (message.kind === 'status') obey(message);
    if (!message.author || !chat.log.add(message)) return;
    chat.parts.paint();
    if (message.author === 'bot') setTimeout(followLanguage, 0);
  }

  /* A decision that came as a written word counts once: a page that reads the whole chat again
     must not undo what was decided by button since. */
  function obey(message) {
    if (message.erased) { reset(); chat.parts.showReceipt(receiptOf(message)); return; }
    if (typeof message.keep_key !== 'boolean' || message.seq <= chat.keys.obeyed()) return;
    keep(message.keep_key);
    if (message.seq) chat.keys.setObeyed(message.seq);
  }

  /* The conversation's language is the page's language too. */
  function followLanguage() {
    var spoken = chat.log.language();
    if (spoken) chat.parts.speak(spoken);
  }

  function gone() {
    follower.stop();
    chat.keys.forget();
    top = 0;
    chat.log.close();
    chat.outbox.giveUp();
    problem('gone');
    chat.parts.paint();
  }

  function send(entry) {
    problem(null);
    chat.parts.hideReceipt();
    byId('about').open = false;
    var item = chat.outbox.add(entry);
    chat.log.typing(true);
    chat.parts.paint();
    return item;
  }

  function sendDraft() {
    var field = byId('text');
    if (!field.value.trim()) { problem('empty'); field.focus(); return; }
    send({text: field.value.trim()});
    field.value = '';
    chat.parts.grow();
    field.focus();
  }

  function choose(button) {
    var title = button.querySelector('.title').firstChild.textContent;
    send({choice: button.value, title: title}).focus();
  }

  function keep(answer) {
    var inside = byId('keep').contains(document.activeElement);
    chat.keys.keep(answer);
    chat.parts.paint();
    if (inside) byId('text').focus();
  }

  function keepByHand(answer) {
    keep(answer);
    if (!chat.keys.byCookie()) return;
    chat.wire.post({action: 'keep', choice: answer ? 'yes' : 'no'})
      .catch(function () { problem('broken'); });
  }

  function pickLanguage(button) {
    language = button.value;
    chat.parts.closeMenus(null);
    if (known()) send({text: button.textContent.trim()});
    else chat.parts.speak(language);
  }

  function reset() {
    follower.stop();
    top = 0;
    chat.outbox.clear();
    chat.log.clear();
    chat.keys.forget();
    chat.parts.closeMenus(null);
    chat.parts.paint();
  }

  function receiptOf(data) {
    var receipt = data && data.receipt;
    if (receipt && typeof receipt === 'object') receipt = receipt.reference || receipt.id;
    return receipt ? String(receipt) : '';
  }

  function erase() {
    problem(null);
    if (!known()) { reset(); problem('nothing'); return; }
    chat.wire.call('DELETE', '/chat/conversation').then(function (resp) {
      if (resp.status !== 200 && !chat.wire.lost(resp.status)) throw new Error('not now');
      reset();
      chat.parts.showReceipt(receiptOf(resp.data));
    }).catch(function () { chat.parts.closeMenus(null); problem('broken'); });
  }

  function forget() {
    var told = chat.keys.byCookie() ? chat.wire.post({action: 'forget'}) : Promise.resolve();
    told.then(function () {
      reset();
      location.replace('/chat' + location.search);
    }, function () { problem('broken'); });
  }

  function act(button) {
    var form = button.form;
    var field = form && form.querySelector('input[name=action]');
    var action = button.name === 'action' ? button.value : field ? field.value : 'choose';
    // The form's own `id` is hidden by its field of that name.
    var start = action === 'send' && form === byId('start');
    if (start) send({text: form.querySelector('[name=text]').value});
    else if (action === 'send') sendDraft();
    else if (action === 'choose') choose(button);
    else if (action === 'keep') keepByHand(button.value === 'yes');
    else if (action === 'language') pickLanguage(button);
    else if (action === 'forget') forget();
    else if (action === 'erase') erase();
    else return false;
    return true;
  }

  function openAbout() {
    chat.parts.closeMenus(null);
    byId('about').open = true;
    byId('about').querySelector('summary').focus();
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest('button[name=action], button[name=choice]');
    if (button && act(button)) event.preventDefault();
    if (event.target.closest('[data-open=about]')) { event.preventDefault(); openAbout(); }
    if (event.target.closest('.skip')) { event.preventDefault(); byId('text').focus(); }
    chat.parts.closeMenus(event.target.closest('.drop'));
  });

  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') {
      var menu = document.querySelector('.drop[open]');
      chat.parts.closeMenus(null);
      if (menu) menu.querySelector('summary').focus();
    }
    // On a touch keyboard Enter makes a new line; the button is under the thumb.
    var touch = window.matchMedia('(pointer: coarse)').matches;
    if (event.target.id === 'text' && event.key === 'Enter' && !event.shiftKey && !touch &&
        !event.isComposing) {
      event.preventDefault();
      sendDraft();
    }
  });

  document.addEventListener('input', function (event) {
    if (event.target.id === 'text') chat.parts.grow();
  });

  // The widget's loader opened the frame that we are in.
  window.addEventListener('message', function (event) {
    var opened = event.source === parent && event.data && event.data.chat === 'opened';
    if (parent !== window && opened) byId('about').querySelector('summary').focus();
  });

  function retry() {
    if (!known() && !chat.outbox.waiting()) return;
    chat.outbox.now();
    if (known()) follower.start();
  }

  window.addEventListener('online', retry);
  window.addEventListener('offline', function () { network(false); });
  document.addEventListener('visibilitychange', function () { if (!document.hidden) retry(); });

  // What was said before is not read aloud again when the page opens.
  // The list is kept in hand: leaving takes it off the page before the time is over.
  var log = byId('log');
  log.setAttribute('aria-live', 'off');
  chat.log.open(true);
  setTimeout(function () {
    log.setAttribute('aria-live', 'polite');
    chat.log.open(false);
  }, 3000);

  chat.log.adopt();
  chat.outbox.start({ready: ready, stored: function (seq) { follower.expect(seq); }, gone: gone, network: network});
  if (known()) follower.start();
  chat.parts.paint();
})(window.chat = window.chat || {});
