// Where a person is in an article: the current sentence, its cards, the marks, and the way back.
const PAUSE = 800;
const FIELD = "input:not([type=radio]), textarea";
const root = document.querySelector("[data-reading]");
const store = `article ${root.dataset.reading}`;
const stack = () => document.getElementById("stack");
// What can be undone, the last first to go.
const done = [];
let now = 1;
let card = null;

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
const sentChanges = () => `[${Object.values(changes())}]`;
function remember(one, gone) {
  const all = changes();
  if (!gone && one.dataset.state === "proposed") all[one.id] = one.elements.draft.value;
  else delete all[one.id];
  keepText(`${store} changed`, JSON.stringify(all));
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
  const tools = document.getElementById("card-tools");
  if (!card.querySelector(".reading-bar")) card.append(tools.content.cloneNode(true));
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

// Remember on the server how far the person has come: once they pause, or leave the page.
let later;
function reach(number) {
  const reading = document.getElementById("reading");
  if (number <= Number(reading.dataset.place)) return;
  reading.dataset.place = number;
  if ("otherText" in reading.dataset) return;
  clearTimeout(later);
  later = setTimeout(sendPlace, PAUSE);
}

function sendPlace() {
  if (!later) return;
  clearTimeout(later);
  later = null;
  const body = new URLSearchParams({ place: document.getElementById("reading").dataset.place });
  const headers = JSON.parse(root.getAttribute("hx-headers"));
  fetch(root.dataset.placeUrl, { method: "POST", body, keepalive: true, headers });
}

// Go on: to the next open card of the sentence, else to the next sentence.
function advance() {
  const cards = cardsOf(now);
  const rest = cards.slice(cards.indexOf(card) + 1).find(isOpen) ?? cards.find(isOpen);
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
  const isHeading = (one) => root.querySelector(`[data-sentence="${one}"].is-heading`);
  while (number > 0 && number <= last && isHeading(number) && !cardsOf(number).length) number += way;
  return number > 0 && number <= last ? number : null;
}

function step(way) {
  const cards = cardsOf(now);
  choose(cards[Math.min(Math.max(cards.indexOf(card) + way, 0), cards.length - 1)]);
}

function skip() {
  if (card && isOpen(card)) {
    card.dataset.skipped = "";
    done.push({ sentence: now, id: card.id, skipped: true });
  } else done.push({ sentence: now, id: card?.id });
  advance();
}

function undo() {
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
}
