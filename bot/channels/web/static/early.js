/* A button pressed in a partner's frame before the page is at work: kept, and pressed again then.
   A browser gives such a frame no cookie, so the server would refuse its plain form. */
(function () {
  'use strict';
  var pressed = null;

  function hold(event) {
    if (event.target.hasAttribute('data-leave')) return;
    event.preventDefault();
    pressed = event.submitter || event.target.querySelector('button');
  }

  document.addEventListener('submit', hold, true);
  // The deferred scripts have run by then, or will not run at all.
  document.addEventListener('DOMContentLoaded', function () {
    document.removeEventListener('submit', hold, true);
    if (pressed) pressed.click();
  });
})();
