// The page of a split: the difference goes along while typing, and hands in only what adds up. Boxes stay boxes;
// arrows and Enter go from one to the next, a column from Excel fills those below, and everything can be undone.
import { readBlock, readPacks } from "./packs.js";

const format = new Intl.NumberFormat("en");

class Split {
  constructor(form) {
    this.form = form;
    this.target = Number(form.dataset.target);
    this.boxes = [...form.querySelectorAll("[data-part]")];
    this.words = form.querySelector("[data-split-words]");
    this.words.id ||= "split-words";
    this.status = form.querySelector("[data-split-status]");
    this.buttons = [...form.querySelectorAll("[data-needs-zero]")];
    this.history = [];
    this.known = this.state();
    for (const box of this.boxes) this.prepare(box);
    for (const button of this.buttons) button.addEventListener("click", (event) => this.refuse(button, event));
    form.addEventListener("input", () => this.show());
    form.addEventListener("change", () => this.remember());
    const undo = form.querySelector("[data-undo]");
    undo.hidden = false;
    undo.addEventListener("click", () => this.undo());
    this.show();
  }

  prepare(box) {
    // number_stepper.js steps through stepUp and stepDown, which a text box has not
    const by = (n) => { box.value = String(Math.max((readPacks(box.value) || 0) + n, 0)); };
    box.stepUp = () => by(1);
    box.stepDown = () => by(-1);
    box.addEventListener("keydown", (event) => this.key(box, event));
    box.addEventListener("paste", (event) => this.paste(box, event));
  }

  lockOf(box) { return box.closest("tr").querySelector("input[name^='keep:']"); }
  tell(words) { this.status.textContent = words; }

  // --- sums ---

  left() {
    const parts = this.boxes.map((box) => readPacks(box.value));
    for (const [place, part] of parts.entries()) {
      if (Number.isNaN(part)) this.boxes[place].setAttribute("aria-invalid", "true"); else this.boxes[place].removeAttribute("aria-invalid");
    }
    return parts.some(Number.isNaN) ? null : this.target - parts.reduce((sum, part) => sum + (part ?? 0), 0);
  }

  show() {
    const left = this.left();
    const pattern = left === null ? "Bad" : left > 0 ? "Left" : left < 0 ? "Over" : "Even";
    this.words.textContent = this.form.dataset[`words${pattern}`].replace("{n}", format.format(Math.abs(left ?? 0)));
    this.words.classList.toggle("split__left--open", left !== 0);
    for (const button of this.buttons) {
      button.setAttribute("aria-disabled", String(left !== 0));
      button.setAttribute("aria-describedby", this.words.id);
    }
  }

  refuse(button, event) {
    if (button.getAttribute("aria-disabled") !== "true") return;
    event.preventDefault();
    this.words.scrollIntoView({ block: "nearest" });
    this.words.textContent = String(this.words.textContent);
  }

  // --- changing, all of it undoable ---

  state() { return this.boxes.map((box) => [box.value, this.lockOf(box).checked]); }

  remember() {
    const now = this.state();
    if (JSON.stringify(now) === JSON.stringify(this.known)) return;
    this.history.push(this.known);
    this.known = now;
    this.show();
  }

  undo() {
    this.remember();
    const before = this.history.pop();
    if (!before) { this.tell(this.form.dataset.wordsNothing); return; }
    for (const [place, [text, locked]] of before.entries()) {
      this.boxes[place].value = text;
      this.lockOf(this.boxes[place]).checked = locked;
    }
    this.known = before;
    this.show();
    this.tell(this.form.dataset.wordsUndone);
  }

  // --- ears ---

  key(box, event) {
    if (event.isComposing || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const steps = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 };
    if (ctrl && event.key.toLowerCase() === "z") this.undo();
    else if (!ctrl && event.key in steps) this.go(this.boxes.indexOf(box) + steps[event.key]);
    else if (!ctrl && event.key.toLowerCase() === "l") this.toggle(box);
    else return;
    event.preventDefault();
  }

  go(place) {
    const next = this.boxes[Math.min(Math.max(place, 0), this.boxes.length - 1)];
    next.focus();
    next.select();
  }

  toggle(box) {
    const lock = this.lockOf(box);
    lock.checked = !lock.checked;
    this.remember();
    this.tell(this.form.dataset[lock.checked ? "wordsLocked" : "wordsUnlocked"]);
  }

  paste(box, event) {
    const block = readBlock(event.clipboardData.getData("text/plain"));
    if (block.length === 1 && block[0].length === 1) return;
    event.preventDefault();
    const texts = block.map((row) => row[0] ?? ""), first = this.boxes.indexOf(box);
    const bad = texts.find((text) => Number.isNaN(readPacks(text)));
    if (bad !== undefined) { this.tell(this.form.dataset.wordsUnreadable.replace("{text}", bad)); return; }
    const here = texts.slice(0, this.boxes.length - first), beyond = texts.length - here.length;
    for (const [step, text] of here.entries()) if (text.trim()) this.boxes[first + step].value = String(readPacks(text));
    this.remember();
    const said = this.form.dataset.wordsPasted.replace("{n}", here.length);
    this.tell(beyond ? `${said} ${this.form.dataset.wordsOutside.replace("{n}", beyond)}` : said);
  }
}

for (const form of document.querySelectorAll("[data-split]")) new Split(form);
