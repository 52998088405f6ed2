/* Reading a message aloud, by voices of this device only: others would send the text away. */
(function (chat) {
  'use strict';
  var speaking = null;

  function base(language) { return String(language).toLowerCase().split(/[-_]/)[0]; }

  function voice(language) {
    if (!window.speechSynthesis || !window.SpeechSynthesisUtterance) return null;
    return speechSynthesis.getVoices().filter(function (each) {
      return each.localService && base(each.lang) === base(language);
    })[0] || null;
  }

  function stop() {
    speechSynthesis.cancel();
    if (speaking) speaking.textContent = chat.text('listen');
    speaking = null;
  }

  function toggle(button, text, language) {
    var again = speaking === button;
    if (speaking) stop();
    if (again) return;
    var speech = new SpeechSynthesisUtterance(text);
    speech.voice = voice(language);
    speech.lang = speech.voice.lang;
    speech.onend = speech.onerror = function () { if (speaking === button) stop(); };
    speaking = button;
    button.textContent = chat.text('stop');
    speechSynthesis.speak(speech);
  }

  /* Give a message its button, where this device has a voice for its language. */
  function offer(item) {
    var body = item.querySelector('.body');
    if (item.querySelector('.listen') || !voice(body.lang)) return;
    var button = chat.dom.el('button', {type: 'button', 'class': 'listen'}, [chat.text('listen')]);
    button.addEventListener('click', function () {
      toggle(button, body.querySelector('.text').textContent, body.lang);
    });
    item.appendChild(button);
  }

  function offerAll() {
    Array.prototype.forEach.call(document.querySelectorAll('.message:not(.person)'), offer);
  }

  // Voices come late in most browsers.
  if (window.speechSynthesis && speechSynthesis.addEventListener) {
    speechSynthesis.addEventListener('voiceschanged', offerAll);
  }

  chat.listen = {offer: offer};
})(window.chat = window.chat || {});
