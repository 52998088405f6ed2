/* The button that leads down to what came while the person was reading further up. */
(function (chat) {
  'use strict';
  var first = null;

  function button() { return chat.dom.byId('unread'); }

  /* Whether the beginning of a message stands above the field to write in. */
  function isSeen(item) {
    return item.getBoundingClientRect().top < button().parentNode.getBoundingClientRect().top;
  }

  function paint() {
    // Leaving takes everything off the page, and that moves it.
    if (!button()) return;
    if (first && (!document.contains(first) || isSeen(first))) first = null;
    button().hidden = !first;
  }

  /* A message came and the page did not move to it. */
  function note(item) {
    first = first || item;
    paint();
  }

  document.addEventListener('click', function (event) {
    if (!event.target.closest('#unread')) return;
    var item = first;
    chat.log.show(item);
    item.focus({preventScroll: true});
    paint();
  });

  window.addEventListener('scroll', paint, {passive: true});
  window.addEventListener('resize', paint);

  chat.unread = {note: note, paint: paint};
})(window.chat = window.chat || {});
