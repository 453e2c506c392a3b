// Boxes with data-suggest show suggestions, after the combobox pattern of the ARIA Authoring
// Practices. Boxes with data-offers show a fixed list when ArrowDown is pressed. The form sends the
// text as typed, and the server resolves names itself, so that it works without this script.
const WAIT = 120;
// How long a box waits for its answer after it lost the focus, in milliseconds.
const PATIENCE = 2000;
// Answers that must arrive before the form is sent.
window.deskAnswers = new Set();
let made = 0;

class Combobox {
  constructor(box) {
    this.box = box;
    this.noun = box.dataset.suggest;
    this.lines = box.tagName === "TEXTAREA";
    this.between = this.lines ? "\n" : box.dataset.separator;
    this.offers = box.dataset.offers && JSON.parse(box.dataset.offers);
    this.asked = 0;
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.id = `suggested-${++made}`;
    this.list.className = "desk-suggested";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.nothing = document.createElement("p");
    this.nothing.className = "desk-suggested desk-nothing";
    this.nothing.setAttribute("role", "status");
    this.nothing.hidden = true;
    this.says = document.createElement("p");
    this.says.className = "desk-chosen";
    this.says.setAttribute("aria-live", "polite");
    const frame = document.createElement("div");
    frame.className = "desk-combobox";
    box.before(frame);
    frame.append(box, this.list, this.nothing);
    frame.after(this.says);
    const roles = { "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    if (!this.lines) roles.role = "combobox";
    else delete roles["aria-expanded"];
    for (const [name, value] of Object.entries(roles)) box.setAttribute(name, value);
    box.addEventListener("input", () => this.typed());
    box.addEventListener("keydown", (event) => this.pressed(event));
    box.addEventListener("change", () => this.settle());
    frame.addEventListener("focusout", (event) => frame.contains(event.relatedTarget) || this.close());
    this.nothing.addEventListener("keydown", (event) => {
      if (["Escape", "ArrowUp"].includes(event.key)) box.focus();
      if (event.key === "Escape") this.close();
    });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.pick(Number(option.dataset.place));
    });
    if (box.value && this.noun === "code") this.settle();
  }

  // The text that is completed: the part with the caret, if there are several.
  span() {
    if (!this.between) return [0, this.box.value.length];
    const at = this.box.selectionStart, text = this.box.value;
    const end = text.indexOf(this.between, at);
    const from = at ? text.lastIndexOf(this.between, at - 1) + 1 : 0;
    const blank = text.slice(from).match(/^ */)[0].length;
    return [Math.min(from + blank, at), end < 0 ? text.length : end];
  }

  typed() {
    if (this.offers) return this.close();
    clearTimeout(this.timer);
    this.wait(true);
    this.timer = setTimeout(() => this.offer(), WAIT);
  }

  wait(pending) {
    this.pending = pending;
    this.list.setAttribute("aria-busy", String(pending));
  }

  async ask(text) {
    if (this.offers) return { found: this.offers };
    const path = document.querySelector("[data-suggestions]")?.dataset.suggestions || "/admin/desk/claim/suggest/";
    const query = new URLSearchParams({ noun: this.noun, q: text });
    if (this.box.dataset.without) query.set("without", this.box.dataset.without);
    const answer = await fetch(`${path}?${query}`, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : { found: [] };
  }

  async offer() {
    const [from, to] = this.span();
    const text = this.box.value.slice(from, to).trim();
    if (!text && this.noun !== "hedge" && !this.offers) return this.close();
    const ticket = ++this.asked;
    this.flight = { text, answer: this.ask(text) };
    const { found, nothing } = await this.flight.answer;
    if (ticket !== this.asked || document.activeElement !== this.box) return;
    this.wait(false);
    this.found = found;
    this.list.replaceChildren(...found.map((one, place) => this.option(one, place)));
    this.list.hidden = !found.length;
    if (!this.lines) this.box.setAttribute("aria-expanded", String(!!found.length));
    this.point(found.length && !found[0].doubtful ? 0 : -1);
    this.tell(nothing);
  }

  // Show that nothing was found. ArrowDown goes to the link that lists everything.
  tell(nothing) {
    this.nothing.hidden = !nothing;
    this.nothing.replaceChildren(nothing?.says || "");
    if (!nothing?.browse) return;
    const link = Object.assign(document.createElement("a"), {
      href: nothing.browse, target: "_blank", rel: "noopener", tabIndex: -1, textContent: nothing.link,
    });
    this.nothing.append(" ", link, " (↓ and Enter)");
  }

  // The box lost the focus before its answer arrived: once it does, take the only possible match, or
  // the one that was marked then if it is still offered.
  overtaken() {
    const { value } = this.box, [from, to] = this.span(), text = value.slice(from, to).trim();
    if (!text) return;
    const marked = !this.list.hidden && this.active >= 0 ? this.found[this.active].value : null;
    const asked = this.flight?.text === text ? this.flight.answer : this.ask(text);
    const late = new Promise((done) => setTimeout(done, PATIENCE));
    const taken = Promise.race([asked, late]).then((answer) => {
      const one = answer?.found.find((each) => each.sure || each.value === marked);
      if (one && this.box.value === value) this.put(one, from, to);
    }, () => {}).finally(() => window.deskAnswers.delete(taken));
    window.deskAnswers.add(taken);
  }

  option(one, place) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${place}`;
    item.dataset.place = place;
    item.setAttribute("role", "option");
    const value = document.createElement("span");
    value.textContent = one.value;
    const label = document.createElement("small");
    label.textContent = one.label;
    item.append(value, " ", label);
    for (const [name, text] of [["gloss", one.gloss], ["example", one.example]]) {
      if (!text) continue;
      const more = document.createElement("small");
      more.className = `desk-${name}`;
      more.textContent = text;
      item.append(" ", more);
    }
    if (one.line) item.classList.add("desk-line");
    return item;
  }

  point(place) {
    this.active = place;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === place)));
    const item = this.list.children[place];
    if (item) {
      this.box.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else this.box.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    const many = this.list.children.length;
    const leaves = (event.key === "Tab" && !event.shiftKey) || (event.key === "Enter" && event.ctrlKey);
    if (leaves && this.pending) return this.overtaken();
    if (event.ctrlKey) return;
    const link = this.nothing.hidden ? null : this.nothing.querySelector("a");
    if (event.key === "ArrowDown" && link) link.focus();
    else if (event.key === "Escape" && !this.nothing.hidden) this.close();
    else if (event.key === "ArrowDown" && this.list.hidden && !this.lines) this.offer();
    else if (this.list.hidden) return;
    else if (event.key === "ArrowDown") this.point((this.active + 1) % many);
    else if (event.key === "ArrowUp") this.point((Math.max(this.active, 0) + many - 1) % many);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter") this.active >= 0 && this.pick(this.active);
    else if (event.key === "Tab" && !event.shiftKey && this.active >= 0) return this.pick(this.active);
    else return;
    event.preventDefault();
  }

  pick(place) {
    this.put(this.found[place], ...this.span());
  }

  put(one, from, to) {
    this.box.setRangeText(one.value, from, to, "end");
    this.close();
    this.told(one);
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.wait(false);
    this.list.hidden = this.nothing.hidden = true;
    if (!this.lines) this.box.setAttribute("aria-expanded", "false");
    this.point(-1);
  }

  // Show the label of the text in the box, and set the fields that it implies.
  async settle() {
    const text = this.box.value.trim();
    if (this.lines || !["code", "hedge"].includes(this.noun)) return;
    if (!text) return this.told({ label: "" });
    const same = (one) => one.value.toLowerCase() === text.toLowerCase();
    this.told((await this.ask(text)).found.find(same) || { label: "" });
  }

  told(one) {
    if (this.offers) this.set("basis", one.basis);
    if (!["code", "hedge"].includes(this.noun)) return;
    this.says.textContent = one.label;
    for (const name of ["kind", "likelihood"]) this.set(name, one[name]);
  }

  set(name, value) {
    const field = value && this.box.form.elements[`claim-${name}`];
    if (!field || field.value === value || (name === "likelihood" && field.value)) return;
    // What was set must be seen.
    unfold(field);
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    this.says.textContent += ` – ${name} set to ${value}`;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("[data-suggest], [data-offers]")) new Combobox(box);
});
