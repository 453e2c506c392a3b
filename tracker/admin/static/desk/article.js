// Texts of articles stay in this tab. They are those of one account: they go when it logs out, and
// when another one comes.
const OWNER = "article account";

function forgetTexts() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("article ")) sessionStorage.removeItem(key);
}

function keepForAccount() {
  const account = document.querySelector("[data-account]")?.dataset.account;
  if (!account || account === sessionStorage.getItem(OWNER)) return;
  forgetTexts();
  sessionStorage.setItem(OWNER, account);
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[action$='/logout/']")) forgetTexts();
});

// The text of the document beside the form. It stays in this tab, because it is not ours to store.
document.addEventListener("DOMContentLoaded", () => {
  keepForAccount();
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
