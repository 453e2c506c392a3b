// The admin shows a page only once its script has run, and the browser's own focus comes too early.
document.addEventListener("alpine:initialized", () => {
  requestAnimationFrame(() => document.querySelector(".desk [autofocus]")?.focus());
});
// The admin writes a chosen file's name into a field of its own beside it, which ours have not.
document.addEventListener("change", (event) => {
  if (event.target.matches(".desk-file")) event.stopPropagation();
}, true);
