// The keys of the page on which an article is read. Each presses a button of the page, and the server
// answers with the card as it is then. Keys that are typed while an answer is awaited wait in a queue.
const RECORD = "Ctrl+Enter";
const KEYS = /^(.|Enter|Backspace|Delete|Escape|Arrow(Up|Down|Left|Right))$/u;
const WAITING = ".reading-card, .reading-blank, [data-record], [data-paste], [data-tray-form]";
// Keys, and functions to call.
const queue = [];
let busy = 0;
// What each request sent, by its XMLHttpRequest.
const sent = new WeakMap();
// Where the person was before the text is read again because an answer did not come.
let back = null;

const MOVES = {
  next: onward,
  // The text that is shown becomes that of the tray.
  replace() {
    const { elements } = root.querySelector("[data-paste]");
    elements.replaces.value = "1";
    elements.text.form.requestSubmit();
    elements.replaces.value = "";
  },
  before: () => go(beside(-1) ?? now),
  right: () => step(1),
  left: () => step(-1),
  skip,
  undo,
};

// Open the box of a key, such as the date, with what was typed in it before if that was refused. The
// focus goes into it until Enter or Escape.
function open(name, typed) {
  shut();
  const box = card.querySelector(`[data-prompt="${name}"]`);
  const list = box.querySelector("[data-targets]");
  if (list) {
    const cards = document.querySelector("[data-target-choices]")?.content.cloneNode(true);
    list.replaceChildren(...(cards?.querySelectorAll(`button:not([value="${card.id.slice(5)}"])`) ?? []));
    for (const one of list.children) one.value = `${name}:${one.value}`;
    if (!list.children.length) return say("There is no other card in the tray.");
  }
  box.hidden = false;
  const field = box.querySelector(FIELD);
  (field ?? stack()).focus();
  if (field) field.value = typed ?? card.dataset[name] ?? field.value;
  field?.select();
}

function shut() {
  const box = prompt();
  if (box) box.hidden = true;
  card.elements.to.value = "";
  stack()?.focus({ preventScroll: true });
}

function submit(box) {
  const button = box.querySelector("[name=do]");
  stack().focus({ preventScroll: true });
  button.click();
}

// A key that waited in the queue while a box was opened before it.
function typeInto(box, key) {
  const field = box.querySelector(FIELD);
  if (key === "Escape") return shut();
  if (!field) return press(box, key);
  if (key === "Enter") return submit(box);
  const { selectionStart: start, selectionEnd: end } = field;
  if (key === "Backspace") field.setRangeText("", Math.max(start - (start === end), 0), end, "end");
  else if (key.length === 1) field.setRangeText(key, start, end, "end");
}

function press(where, key) {
  const buttons = [...(where?.querySelectorAll(`[data-key="${CSS.escape(key)}"]`) ?? [])];
  const button = buttons.find((one) => one.checkVisibility());
  button?.click();
  return !!button;
}

function act(key) {
  say("");
  if (key === RECORD) return record();
  const box = prompt();
  if (box) return typeInto(box, key);
  const blank = card ? null : stackOf(now)?.querySelector(".reading-blank");
  const moves = root.querySelector(".reading-moves");
  if (press(card, key) || press(blank, key) || press(moves, key)) return;
  if (key === "Enter" && !card) return MOVES.next();
  if (key === "Enter" && card) return advance();
  const recorded = card?.dataset.state === "recorded";
  if (recorded && key.length === 1) return say("This card is on record: correct the claim on its own page.");
  if (key.length === 1 || key === "Delete") say(`Nothing here has the key ${key}.`);
}

function enqueue(key) {
  queue.push(key);
  drain();
}

function drain() {
  while (!busy && queue.length) {
    const next = queue.shift();
    if (typeof next === "function") next();
    else act(next);
  }
}

function keydown(event) {
  const here = stack();
  if (event.key === "Enter" && event.ctrlKey && !event.repeat) {
    if (!stack() && !document.querySelector("[data-record]")) return;
    if (event.target.closest("[data-paste]")) return;
    event.preventDefault();
    return enqueue(RECORD);
  }
  if (!here?.contains(event.target) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  // A key that is held down acts once: each card is taken, and each sentence passed, on purpose.
  const isHeld = event.repeat && !event.key.startsWith("Arrow");
  const field = event.target.closest("input, textarea, select");
  if (field) {
    const box = field.closest("[data-prompt]");
    if (!box || !["Enter", "Escape"].includes(event.key) || event.shiftKey) return;
    event.preventDefault();
    if (isHeld) return;
    return event.key === "Enter" ? submit(box) : shut();
  }
  if (isHeld && KEYS.test(event.key)) return event.preventDefault();
  const native = event.target.closest("button, summary, a") && ["Enter", " "].includes(event.key);
  if (native || !KEYS.test(event.key)) return;
  event.preventDefault();
  enqueue(event.key);
}

function click(event) {
  const button = event.target.closest("button, [data-sentence]");
  if (!button) return;
  if (button.closest("[data-record]")) {
    event.preventDefault();
    return enqueue(RECORD);
  }
  const own = button.closest(".reading-card");
  if (own && own !== card) choose(own);
  if (button.dataset.do) MOVES[button.dataset.do]();
  else if (button.dataset.open) open(button.dataset.open);
  else if ("whole" in button.dataset) return void whole(button.form);
  else if ("drop" in button.dataset) takeOut(event, button.form);
  else if (button.dataset.sentence) go(Number(button.dataset.sentence));
  else if (button.dataset.goto) go(Number(button.dataset.goto), document.getElementById(button.dataset.card));
  // After a click the keys act again.
  const inside = button.closest("#stack, #tray, .reading-text");
  if (!event.detail || !inside) return;
  const focus = () => prompt() || stack()?.focus({ preventScroll: true });
  // A button that sends keeps the focus until it has sent: htmx forgets it otherwise.
  if (button.type === "submit") setTimeout(focus);
  else focus();
}

// What goes with a request beside its form.
function configure(event) {
  const { elt, parameters } = event.detail;
  const apart = document.getElementById("apart");
  if (apart && elt.matches(WAITING)) parameters.apart = apart.value;
  if (!elt.matches("[data-paste]")) return;
  // They belong to the text from which they were read.
  if (elt.elements.text.value !== sessionStorage.getItem(store)) sessionStorage.removeItem(`${store} changed`);
  parameters.changed = sentChanges();
}

function before(event) {
  const one = event.detail.requestConfig.elt;
  if (!one.matches(WAITING)) return;
  busy++;
  if (one.matches("[data-paste]")) keepText(store, one.elements.text.value);
  if (!one.matches(".reading-card")) return;
  const undo = "undoing" in one.dataset;
  delete one.dataset.undoing;
  const { id, dataset, elements } = one;
  const action = event.detail.requestConfig.parameters.do;
  sent.set(event.detail.xhr, { undo, action, id, sentence: now, draft: elements.draft.value, state: dataset.state });
}

function after(event) {
  const { requestConfig, successful, xhr } = event.detail;
  const one = requestConfig.elt;
  if (!one.matches(WAITING)) return;
  busy--;
  try {
    if (one.matches("[data-paste]")) say("", "[data-paste-says]");
    if (!successful) failed(xhr, one);
    else if (one.matches("[data-paste]")) shown(one);
    else if (one.matches("[data-record]")) recorded();
    else answered(one, sent.get(xhr));
  } finally {
    drain();
  }
}

// Say why it failed, in the server's words if it gave some.
function failed(xhr, one) {
  queue.length = 0;
  const isPlain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  if (one.matches("[data-paste]")) {
    if (back) return lost();
    return say("The server did not read the text. Try again, or paste less of it.", "[data-paste-says]");
  }
  if (isPlain) return say(`Nothing was changed. ${xhr.responseText}`);
  if (xhr.status && xhr.status < 500) return say("The server refused it: nothing was changed. Reload the page.");
  readAgain();
}

// Without an answer it may have been done: fetch the cards and the tray, and come back to the card
// and what is typed in its box.
function readAgain() {
  const paste = root.querySelector("[data-paste]");
  if (!stack() || paste.elements.text.value !== sessionStorage.getItem(store)) return lost();
  const box = prompt();
  back = {
    number: now,
    id: card?.id,
    box: box?.dataset.prompt,
    typed: box?.querySelector(FIELD)?.value,
    to: card?.elements.to.value,
  };
  paste.requestSubmit();
}

function lost() {
  back = null;
  say("No answer came: it may have been done. Reload the page to see.");
}

function comeBack() {
  const { number, id, box, typed, to } = back;
  back = null;
  const one = document.getElementById(id);
  go(number, one);
  stack().focus({ preventScroll: true });
  if (one && box) {
    open(box, typed);
    one.elements.to.value = to;
  }
  say("No answer came: it may have been done. Here are the cards and the tray as they are.");
}

// The text has been read: begin where the person was.
function shown(paste) {
  if (!stack()) return;
  paste.closest("details").open = false;
  const plain = plainText();
  if (plain) keepText(store, (paste.elements.text.value = plain));
  if (!sessionStorage.getItem(store)) say("The browser has no room to keep this text: paste it again when you come back.");
  const reading = document.getElementById("reading");
  const asked = Number(location.hash.match(/^#s(\d+)$/)?.[1]);
  if (back) return comeBack();
  done.length = 0;
  document.querySelector(".reading-columns").scrollIntoView({ block: "start" });
  now = Math.min(Number(reading.dataset.place), sentences().length);
  go(asked || (beside(1) ?? now));
  stack().focus({ preventScroll: true });
}

// A card, or a new one beside it, is shown in place of the one that was sent.
function answered(old, asked) {
  const added = stack()?.querySelector("[data-new]");
  if (added) {
    delete added.dataset.new;
    done.push({ id: added.id, sentence: now, added: true });
    remember(added);
    choose(added);
    return mark();
  }
  const one = document.getElementById(old.id);
  if (!asked || !one) return mark();
  choose(one);
  const { id, sentence, draft, state } = asked;
  const changed = one.elements.draft.value !== draft || one.dataset.state !== state;
  if (changed) remember(one);
  if (changed && !asked.undo) done.push({ id, sentence, draft, state });
  mark();
  if ("halts" in one.dataset) return halted(one);
  // A change takes a card that was handed in, too: then the card stays in sight.
  const isTaken = ["taken", "waiting"].includes(one.dataset.state);
  if (!asked.undo && isTaken && (state === "proposed" || asked.action === "accept")) advance();
}

// The key did not do what it is for: open the box of what is missing or wrong.
function halted(one) {
  queue.length = 0;
  if (!one.dataset.halts) return;
  open(one.dataset.halts, one.dataset.typed);
  if ("takes" in one.dataset) one.elements.to.value = "take";
}

function start() {
  const text = root.querySelector("[data-paste] textarea");
  if (!text) return;
  keep(location.hash);
  if (location.hash.startsWith(BROUGHT) && sessionStorage.getItem(WAITS)) {
    keepText(store, sessionStorage.getItem(WAITS));
  }
  sessionStorage.removeItem(WAITS);
  text.value = sessionStorage.getItem(store) || "";
  if (text.value) requestAnimationFrame(() => text.form.requestSubmit());
  else text.focus();
}

document.addEventListener("keydown", keydown);
root.addEventListener("click", click);
document.addEventListener("htmx:configRequest", configure);
document.addEventListener("htmx:beforeRequest", before);
document.addEventListener("htmx:afterRequest", after);
addEventListener("pagehide", sendPlace);
start();
