// The page on which an article is read. Each key presses a button of the page, and the server answers
// with the card as it is then. Keys that are typed while an answer is awaited wait in a queue.
const PAUSE = 800;
const WAITS = "article brought";
const BROUGHT = "#brought";
const BELOW = "#brought-below";
const FIELD = "input:not([type=radio]), textarea";
const root = document.querySelector("[data-reading]");
const stack = () => document.getElementById("stack");
const store = `article ${root?.dataset.reading}`;
const queue = [];
const done = [];
let busy = 0;
let now = 1;
let card = null;
// What each request sent, by its XMLHttpRequest.
const sent = new WeakMap();
const RECORD = "Ctrl+Enter";

const say = (text, place = "[data-says]") => {
  const line = root.querySelector(place);
  if (line) line.textContent = text;
};
const sentences = () => [...root.querySelectorAll("[data-sentence]")];
const stackOf = (number) => root.querySelector(`[data-stack="${number}"]`);
const cardsOf = (number) => [...(stackOf(number)?.querySelectorAll(".reading-card") ?? [])];
const isOpen = (one) => ["proposed", "offered"].includes(one.dataset.state) && !("skipped" in one.dataset);
const prompt = () => card?.querySelector("[data-prompt]:not([hidden])");

// Cards that were changed and not taken stay in this tab too, and are sent with the text.
const changes = () => JSON.parse(sessionStorage.getItem(`${store} changed`) || "{}");
function remember(one, gone) {
  const all = changes();
  if (!gone && one.dataset.state === "proposed") all[one.id] = one.elements.draft.value;
  else delete all[one.id];
  sessionStorage.setItem(`${store} changed`, JSON.stringify(all));
}

// Marks of the sentences: taken, skipped or passed, and the current one.
function mark() {
  const count = document.getElementById("tray")?.dataset.count ?? "0";
  const shown = root.querySelector("[data-count]:not(#tray)");
  if (shown) shown.textContent = count;
  for (const one of root.querySelectorAll("[data-many]")) one.hidden = cardsOf(now).length < 2;
  const place = Number(document.getElementById("reading")?.dataset.place ?? 0);
  for (const line of sentences()) {
    const number = Number(line.dataset.sentence), cards = cardsOf(number);
    const taken = cards.some((one) => ["taken", "waiting", "recorded"].includes(one.dataset.state));
    line.dataset.mark = taken ? "taken" : number <= place ? "read" : "";
    if (number === now) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

function choose(one) {
  card?.classList.remove("is-current");
  card = one ?? null;
  if (!card) return;
  if (!card.querySelector(".reading-bar")) card.append(document.getElementById("card-tools").content.cloneNode(true));
  card.classList.add("is-current");
  card.scrollIntoView({ block: "nearest" });
}

// Go to a sentence, and to a card of it: the named one, else the first that is open.
function go(number, named) {
  const last = sentences().length;
  if (!last) return;
  now = Math.min(Math.max(number, 1), last);
  for (const one of root.querySelectorAll("[data-stack]")) one.hidden = Number(one.dataset.stack) !== now;
  root.querySelector("[data-now]").textContent = now;
  const cards = cardsOf(now);
  choose(named ?? cards.find(isOpen) ?? cards[0]);
  mark();
  showLine(root.querySelector(`[data-sentence="${now}"]`));
}

// Beside the cards the text scrolls by itself; the current sentence stays in its upper half.
function showLine(line) {
  const box = line.closest(".reading-text");
  if (box.scrollHeight > box.clientHeight) box.scrollTop = line.offsetTop - box.clientHeight / 3;
  else line.scrollIntoView({ block: "nearest" });
}

// Remember on the server how far the person has come.
let later;
function reach(number) {
  const reading = document.getElementById("reading");
  if (number <= Number(reading.dataset.place)) return;
  reading.dataset.place = number;
  if ("otherText" in reading.dataset) return;
  clearTimeout(later);
  later = setTimeout(() => {
    const body = new URLSearchParams({ place: reading.dataset.place });
    fetch(root.dataset.placeUrl, { method: "POST", body, keepalive: true, headers: JSON.parse(root.getAttribute("hx-headers")) });
  }, PAUSE);
}

// Go on: to the next open card of the sentence, else to the next sentence.
function advance() {
  const cards = cardsOf(now), rest = cards.slice(cards.indexOf(card) + 1).find(isOpen) ?? cards.find(isOpen);
  if (rest) return choose(rest), mark();
  onward();
}

function onward() {
  const next = beside(1);
  reach(next ? now : sentences().length);
  if (next) return go(next);
  mark();
  say("This was the last sentence. Ctrl+Enter records the tray.");
}

// The next sentence in a direction; headings without a card are passed over.
function beside(way) {
  const last = sentences().length;
  let number = now + way;
  const passes = (one) => root.querySelector(`[data-sentence="${one}"].is-heading`) && !cardsOf(one).length;
  while (number > 0 && number <= last && passes(number)) number += way;
  return number > 0 && number <= last ? number : null;
}

const step = (way) => {
  const cards = cardsOf(now);
  choose(cards[Math.min(Math.max(cards.indexOf(card) + way, 0), cards.length - 1)]);
};
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
  skip() {
    if (card && isOpen(card)) {
      card.dataset.skipped = "";
      done.push({ sentence: now, id: card.id, skipped: true });
    } else done.push({ sentence: now, id: card?.id });
    advance();
  },
  undo() {
    const last = done.pop();
    if (!last) return say("There is nothing to undo.");
    const one = last.id && document.getElementById(last.id);
    go(last.sentence, one);
    if (!one) return;
    if (last.added) {
      remember(one, true);
      one.remove();
      return go(last.sentence);
    }
    if (last.skipped) delete one.dataset.skipped;
    if (!last.draft) return mark();
    one.elements.draft.value = last.draft;
    one.elements.to.value = last.state;
    one.dataset.undoing = "";
    one.querySelector("[data-restore]").click();
  },
};

// Open the box of a key, such as the date. The focus goes into it until Enter or Escape.
function open(name) {
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
  if (field && name in card.dataset) field.value = card.dataset[name];
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
  if (key === "Backspace") field.setRangeText("", Math.max(field.selectionStart - (field.selectionStart === field.selectionEnd), 0), field.selectionEnd, "end");
  else if (key.length === 1) field.setRangeText(key, field.selectionStart, field.selectionEnd, "end");
}

function press(where, key) {
  const buttons = [...(where?.querySelectorAll(`[data-key="${CSS.escape(key)}"]`) ?? [])];
  const button = buttons.find((one) => one.checkVisibility());
  button?.click();
  return !!button;
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
  if (key.length === 1) say(recorded ? "This card is on record: correct the claim on its own page." : `Nothing here has the key ${key}.`);
}

function enqueue(key) {
  queue.push(key);
  drain();
}

function drain() {
  while (!busy && queue.length) act(queue.shift());
}

// Of what was brought keep the text, as the server found it: all, what is below the address, or
// nothing where only an address or a title was given.
function keep(place) {
  const text = sessionStorage.getItem(WAITS);
  if (!text) return;
  if (!place.startsWith(BROUGHT)) sessionStorage.removeItem(WAITS);
  else if (place === BELOW) sessionStorage.setItem(WAITS, text.trim().replace(/^.*\n?/, ""));
}

function start() {
  const text = root.querySelector("[data-paste] textarea");
  if (!text) return;
  keep(location.hash);
  if (location.hash.startsWith(BROUGHT) && sessionStorage.getItem(WAITS)) {
    sessionStorage.setItem(store, sessionStorage.getItem(WAITS));
  }
  sessionStorage.removeItem(WAITS);
  text.value = sessionStorage.getItem(store) || "";
  if (text.value) requestAnimationFrame(() => text.form.requestSubmit());
  else text.focus();
}

const KEYS = /^(.|Enter|Backspace|Escape|Arrow(Up|Down|Left|Right))$/u;

function keydown(event) {
  const here = stack();
  if (event.key === "Enter" && event.ctrlKey && !event.repeat) {
    if (!stack() && !document.querySelector("[data-record]")) return;
    if (event.target.closest("[data-paste]")) return;
    event.preventDefault();
    return enqueue(RECORD);
  }
  if (!here?.contains(event.target) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const field = event.target.closest("input, textarea, select");
  if (field) {
    const box = field.closest("[data-prompt]");
    if (!box || !["Enter", "Escape"].includes(event.key) || event.shiftKey) return;
    event.preventDefault();
    return event.key === "Enter" ? submit(box) : shut();
  }
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
  else if ("whole" in button.dataset) whole(button.form);
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

// A card that is shown beside the text is taken out there, so that it is shown as it is then.
function takeOut(event, form) {
  const one = document.getElementById(form.dataset.trayForm);
  if (!one) return;
  event.preventDefault();
  go(Number(form.dataset.at), one);
  one.querySelector("[value=drop]").click();
}

function whole(one) {
  const form = document.getElementById("whole-form");
  form.elements.draft.value = one.elements.draft.value;
  form.elements.card_version.value = one.elements.version.value;
  form.submit();
}

const WAITING = ".reading-card, .reading-blank, [data-record], [data-paste], [data-tray-form]";

function before(event) {
  const one = event.detail.requestConfig.elt;
  if (!one.matches(WAITING)) return;
  busy++;
  if (one.matches("[data-paste]")) sessionStorage.setItem(store, one.elements.text.value);
  if (one.matches(".reading-card")) {
    const undo = "undoing" in one.dataset;
    delete one.dataset.undoing;
    sent.set(event.detail.xhr, { undo, id: one.id, sentence: now, draft: one.elements.draft.value, state: one.dataset.state });
  }
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

// Nothing was changed: say why in the server's words, if it gave some.
function failed(xhr, one) {
  queue.length = 0;
  const isPlain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  if (one.matches("[data-paste]")) return say("The server did not read the text. Try again, or paste less of it.", "[data-paste-says]");
  say(isPlain ? `Nothing was changed. ${xhr.responseText}` : "The server did not answer: nothing was changed. Press the key again.");
}

// The text has been read: begin where the person was.
function shown(paste) {
  if (!stack()) return;
  paste.closest("details").open = false;
  const plain = plainText();
  if (plain) sessionStorage.setItem(store, (paste.elements.text.value = plain));
  const reading = document.getElementById("reading");
  const asked = Number(location.hash.match(/^#s(\d+)$/)?.[1]);
  done.length = 0;
  document.querySelector(".reading-columns").scrollIntoView({ block: "start" });
  now = Math.min(Number(reading.dataset.place), sentences().length);
  go(asked || (beside(1) ?? now));
  stack().focus({ preventScroll: true });
}

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
  if ("halts" in one.dataset) {
    queue.length = 0;
    if (one.dataset.halts) {
      open(one.dataset.halts);
      one.elements.to.value = "take";
    }
    return;
  }
  if (!asked.undo && ["proposed", "offered"].includes(state) && ["taken", "waiting"].includes(one.dataset.state)) advance();
}

// The text of a web page, as the server found it.
const plainText = () => document.querySelector("[data-plain]")?.content.textContent;

// A dropped file is read in the browser.
async function drop(event) {
  const box = event.target.closest?.("[data-drop]"), [file] = event.dataTransfer.files;
  if (!box || !file) return;
  event.preventDefault();
  box.value = await file.text();
}

const brought = document.querySelector("[data-brought]");
if (plainText()) sessionStorage.setItem(WAITS, plainText());
else if (brought) keep(brought.dataset.brought);
document.addEventListener("drop", drop);
// A text that is too large is not sent: the answer would take its place.
function refuseTooLarge(event) {
  const box = event.target.querySelector("[data-most]");
  if (!box) return;
  const isTooLarge = new URLSearchParams(new FormData(event.target)).toString().length > Number(box.dataset.most);
  event.target.querySelector("[data-too-large]").hidden = !isTooLarge;
  if (!isTooLarge) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
document.addEventListener("submit", refuseTooLarge, true);
document.addEventListener("submit", (event) => {
  const box = event.target.querySelector("[data-brings]");
  if (box) sessionStorage.setItem(WAITS, box.value);
});
if (root) {
  document.addEventListener("keydown", keydown);
  root.addEventListener("click", click);
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (!elt.matches("[data-paste]")) return;
    // They belong to the text from which they were read.
    if (elt.elements.text.value !== sessionStorage.getItem(store)) sessionStorage.removeItem(`${store} changed`);
    parameters.changed = `[${Object.values(changes())}]`;
  });
  document.addEventListener("htmx:beforeRequest", before);
  document.addEventListener("htmx:afterRequest", after);
  start();
}
