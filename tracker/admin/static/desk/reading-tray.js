// The tray: what its buttons do, and what becomes of it once it is recorded.

// A card that is shown beside the text is taken out there, so that it is shown as it is then.
function takeOut(event, form) {
  const one = document.getElementById(form.dataset.trayForm);
  if (!one) return;
  event.preventDefault();
  go(Number(form.dataset.at), one);
  one.querySelector("[value=drop]").click();
}

// Open the whole form of a card, once what was typed or pressed before is done.
function whole(one) {
  const box = prompt();
  if (box?.querySelector(FIELD)) submit(box);
  const { id, dataset } = one;
  const again = () => whole(document.getElementById(id) ?? root.querySelector(`[data-tray-form="${dataset.trayForm}"]`) ?? one);
  if (busy) return queue.push(again);
  const form = document.getElementById("whole-form");
  form.elements.draft.value = one.elements.draft.value;
  form.elements.card_version.value = one.elements.version.value;
  form.submit();
}

// Record the tray. What is typed in an open box is sent before.
function record() {
  const box = root.querySelector(".reading-card [data-prompt]:not([hidden])");
  if (box) {
    const one = box.closest(".reading-card");
    if (one !== card) go(Number(one.closest("[data-stack]").dataset.stack), one);
    if (!box.querySelector(FIELD)) return say("Choose in the open box first, or press Escape. Nothing is recorded.");
    submit(box);
    if (busy) queue.unshift(RECORD);
    return;
  }
  const form = document.querySelector("[data-record]");
  if (form) form.requestSubmit();
  else say("The tray is empty: there is nothing to record.");
}

// The cards of the text that are on record lead to their claims.
function recorded() {
  for (const link of document.querySelectorAll("[data-recorded]")) {
    const one = document.getElementById(link.dataset.recorded);
    if (!one) continue;
    one.dataset.state = one.elements.state.value = "recorded";
    const shown = Object.assign(link.cloneNode(), { className: "reading-state", textContent: "on record" });
    delete shown.dataset.recorded;
    one.querySelector(".reading-state")?.replaceWith(shown);
  }
  done.length = 0;
  mark();
  stack()?.focus({ preventScroll: true });
}
