// The admin shows a page only once its script has run, and the browser's own focus comes too early.
document.addEventListener("alpine:initialized", () => {
  requestAnimationFrame(() => document.querySelector(".desk [autofocus]")?.focus());
});

// One box ticks all.
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-all]")) return;
  for (const box of event.target.form.querySelectorAll("input[name=claim]")) box.checked = event.target.checked;
});

// Control and Enter press the button that names them, or else the first.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-shortcuts]");
  if (!form || event.key !== "Enter" || !event.ctrlKey) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[aria-keyshortcuts='Control+Enter']"));
});
// The admin writes a chosen file's name into a field of its own beside it, which ours have not.
document.addEventListener("change", (event) => {
  if (event.target.matches(".desk-file")) event.stopPropagation();
}, true);

// Signs of the admin's that carry a label and are nothing by themselves.
window.addEventListener("load", () => setTimeout(() => {
  for (const sign of document.querySelectorAll("span.help-tooltip[aria-label]")) sign.setAttribute("role", "img");
}));
