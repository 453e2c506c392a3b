// The admin shows a page after its script has run, so the browser's autofocus comes too early.
document.addEventListener("alpine:initialized", () => {
  requestAnimationFrame(() => document.querySelector(".desk [autofocus]")?.focus());
});

// Some controls of the admin are no buttons and links without an address: the keyboard reaches them too.
document.addEventListener("DOMContentLoaded", () => {
  for (const control of document.querySelectorAll("a[x-on\\:click]:not([href]), span[x-on\\:click]")) {
    control.setAttribute("role", "button");
    control.tabIndex = 0;
    control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      control.click();
    });
  }
});

// The menu that was opened over the page gives the focus back when it closes.
document.addEventListener("click", (event) => {
  if (event.target.closest("#nav-sidebar span[role=button]")) document.querySelector(".desk-toggle")?.focus();
});

// One checkbox ticks all. It is ticked itself while all are.
document.addEventListener("change", (event) => {
  const all = event.target.form?.querySelector?.("[data-all]");
  if (!all || !event.target.matches("[data-all], input[name=claim]")) return;
  const boxes = [...all.form.querySelectorAll("input[name=claim]")];
  if (event.target === all) for (const box of boxes) box.checked = all.checked;
  all.checked = boxes.every((box) => box.checked);
  all.indeterminate = !all.checked && boxes.some((box) => box.checked);
});

// Open the folded part that a box is in.
function unfold(box) {
  const part = box.closest("details");
  if (part) part.open = true;
}

// The form that a key applies to: the one with the focus, or the page's form if nothing has it.
const formOf = (event) =>
  event.target === document.body
    ? document.querySelector("form[data-shortcuts]")
    : event.target.closest?.("form[data-shortcuts]");

// Ctrl+Enter presses the button with that shortcut, or else the first one, once pending suggestions
// have arrived.
document.addEventListener("keydown", async (event) => {
  const form = formOf(event);
  if (!form || event.key !== "Enter" || !event.ctrlKey || event.repeat) return;
  event.preventDefault();
  await Promise.all(window.deskAnswers ?? []);
  form.requestSubmit(form.querySelector("[aria-keyshortcuts='Control+Enter']"));
});

// If a part of the page is replaced that has the focus, the focus returns to the same control, or
// else to the first one there, or to the box that requested the part.
const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary";
let held = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail, on = document.activeElement;
  held = target.contains(on) ? { on, target: target.id, asked: event.detail.requestConfig?.elt } : held;
});
document.addEventListener("htmx:afterSettle", () => {
  if (!held || document.activeElement !== document.body) return (held = null);
  const { on, target, asked } = held;
  const there = [...(document.getElementById(target)?.querySelectorAll(FOCUSABLE) ?? [])];
  const same = (it) => it.tagName === on.tagName && it.name === on.name && it.textContent === on.textContent;
  (there.find(same) ?? there[0] ?? asked?.querySelector(FOCUSABLE))?.focus();
  held = null;
});

// Ctrl and an arrow go to the next or previous part of the form. A folded part opens.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-shortcuts]");
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!form || !way || !event.ctrlKey) return;
  const parts = [...form.querySelectorAll("fieldset, .desk-more, .desk-last")];
  const part = parts[parts.findIndex((one) => one.contains(event.target)) + way];
  if (!part) return;
  event.preventDefault();
  if (part.tagName === "DETAILS") part.open = true;
  const boxes = [...part.querySelectorAll("input:not([type=hidden]), select, textarea, button")];
  const first = boxes.find((box) => box.checkVisibility());
  first?.focus();
  if (first?.tagName === "INPUT") first.select();
});

// Tab passes over an empty row for a third party, so that the way from the second party to the date
// stays the same. A pointer gets there, and so does "One more party", which adds a row if none is empty.
const passOver = (focused) => {
  const parties = focused?.closest?.("#parties");
  for (const row of [...(parties?.querySelectorAll(":scope > .desk-row") ?? [])].slice(2)) {
    const spare = !row.matches(".desk-kept") && !row.contains(focused) && !row.querySelector("input")?.value;
    for (const box of row.querySelectorAll("input:not([type=hidden]), select")) box.tabIndex = spare ? -1 : 0;
  }
};
document.addEventListener("DOMContentLoaded", () => passOver(document.querySelector("#parties")));
document.addEventListener("focusin", (event) => passOver(event.target));
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#parties [name=more_parties]")) return;
  const boxes = document.querySelectorAll("#parties > .desk-row input");
  const empty = [...boxes].find((box) => !box.value && box.checkVisibility());
  if (!empty) return;
  event.preventDefault();
  empty.focus();
});

// Assessments, forecasts and levels are about their parties: the roles of a new claim follow its kind until
// the user chooses one.
document.addEventListener("change", (event) => {
  const { form, name, value } = event.target;
  if (!form?.matches("[data-shortcuts]") || form.elements.corrects) return;
  if (name.endsWith("-role")) event.target.dataset.chosen = "";
  if (name !== "claim-kind") return;
  const about = ["assessment", "forecast", "level"].includes(value);
  for (const role of form.querySelectorAll("select[name^=parties-][name$=-role]:not([data-chosen])")) {
    if (about && role.value !== "about") [role.dataset.was, role.value] = [role.value, "about"];
    else if (!about && role.dataset.was) role.value = role.dataset.was;
  }
});

// A folded part of the form opens for the kinds of claims that need it, and closes again if nothing
// in it was changed. What the server says of the code decides whether the claim is a statement.
const folded = (form) => {
  const chosen = form.elements["claim-kind"]?.value || "as-the-code";
  const kind = form.querySelector("[data-speech]") ? "assessment" : chosen;
  for (const part of form.querySelectorAll("details[data-kinds]")) {
    const needed = part.dataset.kinds.split(" ").includes(kind);
    const boxes = [...part.querySelectorAll("input, select, textarea")];
    const used = boxes.some((box) => (box.type === "checkbox" ? box.checked : box.value));
    if (needed || (!used && !part.contains(document.activeElement))) part.open = needed;
  }
};
document.addEventListener("change", (event) => {
  const { form, name } = event.target;
  if (name === "claim-kind" && form?.matches("[data-shortcuts]")) folded(form);
});
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.target.closest?.("form[data-shortcuts]");
  if (form && event.detail.pathInfo?.requestPath.includes("/form/")) folded(form);
});

// A button fills a box with its value. Alt+S presses the button that offers a speaker.
document.addEventListener("click", (event) => {
  const offer = event.target.closest?.("[data-fill]");
  const box = offer?.form?.elements[offer.dataset.fill];
  if (!box) return;
  unfold(box);
  box.value = offer.dataset.value;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  box.focus();
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.code !== "KeyS") return;
  const offer = document.querySelector("#speaker [data-fill]");
  if (!offer) return;
  event.preventDefault();
  offer.click();
});

// The admin writes the name of a chosen file into a field beside it. Our file fields have none.
document.addEventListener("change", (event) => {
  if (event.target.matches(".desk-file")) event.stopPropagation();
}, true);

// Icons of the admin that have a label but no role.
window.addEventListener("load", () => setTimeout(() => {
  for (const sign of document.querySelectorAll("span.help-tooltip[aria-label]")) sign.setAttribute("role", "img");
}));

// In a grid of boxes, ↓ and Enter go to the same box of the next row, ↑ to that of the row before.
document.addEventListener("keydown", (event) => {
  const way = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
  if (!way || event.ctrlKey || event.altKey || !event.target.matches?.("[data-grid] input")) return;
  event.preventDefault();
  const row = event.target.closest("tr"), rows = [...row.parentElement.rows];
  const boxes = (one) => [...(one?.querySelectorAll("input") ?? [])];
  const box = boxes(rows[rows.indexOf(row) + way])[boxes(row).indexOf(event.target)];
  box?.focus();
  box?.select();
});

// In the list of claims ↓ and ↑ go from claim to claim. Where there is room, a click or Enter opens
// the claim beside the list instead of its page.
const BESIDE = matchMedia("(min-width: 60rem)");
document.addEventListener("keydown", (event) => {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way || event.ctrlKey || event.altKey || !event.target.matches?.("[data-rows] a")) return;
  event.preventDefault();
  const links = [...event.target.closest("table").querySelectorAll("a[hx-get]")];
  links[links.indexOf(event.target) + way]?.focus();
});
// Space ticks the row, and / goes to the search. → goes into the open claim, as a second Enter does, and Escape comes back.
const intoBeside = () => document.querySelector("#beside h2[tabindex]")?.focus();
document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("[data-rows] a[hx-get]");
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape" && event.target.closest?.("#beside")) {
    return document.querySelector("[data-rows] a[aria-current]")?.focus();
  }
  if (link && event.key === " ") {
    event.preventDefault();
    link.closest("tr").querySelector("input[name=claim]")?.click();
  } else if (link && event.key === "/") {
    event.preventDefault();
    document.getElementById("filter_q").focus();
  } else if (link?.hasAttribute("aria-current") && event.key === "ArrowRight") {
    event.preventDefault();
    intoBeside();
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  const status = event.target.id === "beside" && document.getElementById("opened");
  if (status) status.textContent = `Opened: ${event.target.querySelector("h2")?.textContent.trim()}`;
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-rows] a[hx-get]");
  if (!link || !BESIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // A click with the keyboard has no detail.
  if (!event.detail && link.hasAttribute("aria-current")) return intoBeside();
  for (const other of link.closest("table").querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  link.dispatchEvent(new Event("beside"));
});
