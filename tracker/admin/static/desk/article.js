// The text of the document beside the form. It stays in this tab, because it is not ours to store.
document.addEventListener("DOMContentLoaded", () => {
  const text = document.querySelector("[data-article]");
  if (!text) return;
  const key = `article ${text.dataset.article}`;
  text.value = sessionStorage.getItem(key) || "";
  text.scrollTop = Number(sessionStorage.getItem(`${key} at`));
  text.addEventListener("input", () => sessionStorage.setItem(key, text.value));
  text.addEventListener("scroll", () => sessionStorage.setItem(`${key} at`, text.scrollTop));
  document.addEventListener("keydown", (event) => {
    const quote = document.getElementById("id_citations-0-quote");
    if (!event.altKey || event.code !== "KeyQ" || !quote) return;
    event.preventDefault();
    quote.value = text.value.slice(text.selectionStart, text.selectionEnd);
    quote.dispatchEvent(new Event("change", { bubbles: true }));
    quote.focus();
  });
});
