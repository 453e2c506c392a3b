// The text of an article: pasted, dropped or brought. It stays in this tab of the browser.
const WAITS = "article brought";
const BROUGHT = "#brought";
const BELOW = "#brought-below";
keepForAccount();

// Keep a text in this tab, if the browser has room for it.
function keepText(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    sessionStorage.removeItem(key);
  }
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

// Of what was brought keep the text, as the server found it: all, what is below the address, or
// nothing where only an address or a title was given.
function keep(place) {
  const text = sessionStorage.getItem(WAITS);
  if (!text) return;
  if (!place.startsWith(BROUGHT)) sessionStorage.removeItem(WAITS);
  else if (place === BELOW) keepText(WAITS, text.trim().replace(/^.*\n?/, ""));
}

// A text that is too large is not sent: the answer would take its place. The cards that were changed
// and not taken go with it.
function refuseTooLarge(event) {
  const form = event.target, box = form.querySelector("[data-most]");
  if (!box) return;
  const body = new URLSearchParams(new FormData(form));
  if (form.matches("[data-paste]")) body.set("changed", sentChanges());
  const isTooLarge = body.toString().length > Number(box.dataset.most);
  form.querySelector("[data-too-large]").hidden = !isTooLarge;
  if (!isTooLarge) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

document.addEventListener("drop", drop);
document.addEventListener("submit", refuseTooLarge, true);
document.addEventListener("submit", (event) => {
  const box = event.target.querySelector("[data-brings]");
  if (box) keepText(WAITS, box.value);
});
const brought = document.querySelector("[data-brought]");
if (plainText()) keepText(WAITS, plainText());
else if (brought) keep(brought.dataset.brought);
