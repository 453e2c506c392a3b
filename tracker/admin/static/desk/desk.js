// The admin shows a page only once its script has run, and the browser's own focus comes too early.
document.addEventListener("alpine:initialized", () => {
  requestAnimationFrame(() => document.querySelector(".desk [autofocus]")?.focus());
});
