// The target grid as a spreadsheet (ARIA grid pattern). Without this module the same table is a plain form.
// Two states: one cell has the focus (arrows go on), or its box has it (typing). On a phone boxes stay boxes.
import { MOST, readBlock, readPacks } from "./packs.js";

const wide = matchMedia("(min-width: 60rem)");

const format = new Intl.NumberFormat("en");
const say = (number) => (number === null ? "–" : format.format(number).replace("-", "−"));
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

class Grid {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.table = form.querySelector("table");
    this.status = form.querySelector("[data-grid-status]");
    this.rows = [...this.table.tBodies[0].rows].map((row) => [...row.querySelectorAll("[data-cell]")]);
    this.refused = new Map(this.cells().filter((cell) => this.box(cell).hasAttribute("aria-invalid")).map((cell) => [cell, this.box(cell).value]));
    this.history = [];
    this.active = this.rows[0][0];
    this.typing = null;
    this.listen();
    this.fit();
    wide.addEventListener("change", () => this.fit());
    for (const cell of this.cells()) this.mark(cell);
    this.sum();
  }

  cells() { return this.rows.flat(); }
  box(cell) { return cell.querySelector(".target-grid__input"); }
  lock(cell) { return cell.querySelector(".target-grid__lock input"); }
  stateOf(cell) { return { text: this.box(cell).value, locked: this.lock(cell).checked }; }
  tell(words) { this.status.textContent = words; }

  // --- looks ---

  fit() {
    for (const cell of this.cells()) {
      const input = this.box(cell);
      input.tabIndex = wide.matches ? -1 : 0;
      this.lock(cell).tabIndex = wide.matches ? -1 : 0;
      for (const link of cell.querySelectorAll("a")) link.tabIndex = wide.matches ? -1 : 0;
      if (wide.matches) cell.tabIndex = cell === this.active ? 0 : -1;
      else { cell.removeAttribute("tabindex"); this.addSteps(cell, input); }
    }
    const undo = this.form.querySelector("[data-undo]");
    if (undo) undo.hidden = false;
  }

  addSteps(cell, input) {
    if (cell.querySelector(".target-grid__steps")) return;
    for (const [sign, by, name] of [["−", -1, "down"], ["+", 1, "up"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `target-grid__steps target-grid__steps--${name}`;
      button.textContent = sign;
      button.setAttribute("aria-label", `${input.getAttribute("aria-label")} ${sign}1`);
      button.addEventListener("click", () => {
        const packs = readPacks(input.value);
        this.change([[cell, { ...this.stateOf(cell), text: String(Math.min(Math.max((packs || 0) + by, 0), MOST)) }]]);
      });
      if (by < 0) input.before(button); else input.after(button);
    }
  }

  mark(cell) {
    const { text, locked } = this.stateOf(cell);
    const bad = Number.isNaN(readPacks(text));
    const saved = cell.dataset.saved;
    cell.classList.toggle("target-grid__cell--changed", text !== saved || locked !== ("savedLocked" in cell.dataset));
    if (bad) {
      cell.classList.add("target-grid__cell--wrong");
      this.box(cell).setAttribute("aria-invalid", "true");
      this.box(cell).title = fill(this.words.wordsBad, { text });
    } else if (text !== this.refused.get(cell)) {
      cell.classList.remove("target-grid__cell--wrong");
      this.box(cell).removeAttribute("aria-invalid");
      this.box(cell).removeAttribute("title");
    }
  }

  describe(cell) {
    const notes = [cell.dataset.notes, this.box(cell).title, this.lock(cell).checked ? this.words.wordsLocked : ""];
    this.tell([this.box(cell).getAttribute("aria-label"), ...notes].filter(Boolean).join(" · "));
  }

  // --- sums ---

  sum() {
    const columns = new Map();
    for (const row of this.rows) {
      const months = new Map();
      for (const cell of row) {
        const packs = readPacks(this.box(cell).value);
        if (packs === null || Number.isNaN(packs)) continue;
        months.set(cell.dataset.month, packs);
        columns.set(cell.dataset.month, (columns.get(cell.dataset.month) ?? 0) + packs);
      }
      for (const sum of row[0].parentElement.querySelectorAll("[data-sum]")) sum.textContent = say(add(sum, months));
    }
    for (const place of this.table.querySelectorAll("[data-foot=assigned]")) place.textContent = say(add(place, columns));
    for (const place of this.table.querySelectorAll("[data-foot=missing]")) {
      const asked = this.asked(place.dataset.sum);
      const missing = asked === null ? null : asked - (add(place, columns) ?? 0);
      place.textContent = say(missing);
      place.classList.toggle("target-grid__open-sum", Boolean(missing));
    }
    const all = this.table.querySelector("tfoot [data-foot=assigned]:last-child");
    const total = all ? add(all, columns) ?? 0 : 0;
    this.write("assigned", total);
    const asked = all ? this.asked(all.dataset.sum) : null;
    if (asked !== null) this.write("missing", asked - total);
    this.value(columns);
  }

  // In money: packs x the price valid on the first day of the month, as the server has counted it.
  value(columns) {
    const prices = JSON.parse(this.words.prices);
    const place = document.querySelector("[data-total=value]");
    if (!place || [...columns.keys()].some((month) => !(month in prices))) return;
    const fen = [...columns].reduce((sum, [month, packs]) => sum + packs * prices[month], 0);
    place.textContent = `¥${format.format(fen / 100)}`;
  }

  asked(months) {
    const place = this.table.querySelector(`[data-foot=asked][data-sum="${months}"]`);
    const packs = place ? Number(place.textContent.replaceAll(",", "").trim()) : NaN;
    return Number.isNaN(packs) ? null : packs;
  }

  write(name, packs) {
    for (const place of document.querySelectorAll(`[data-total=${name}]`)) {
      place.textContent = say(packs);
      place.closest("[data-total-open]")?.classList.toggle("target-total__difference--open", packs !== 0);
    }
  }

  // --- changing, all of it undoable ---

  change(edits) {
    const real = edits.filter(([cell, after]) => JSON.stringify(after) !== JSON.stringify(this.stateOf(cell)));
    if (!real.length) return;
    this.history.push(real.map(([cell]) => [cell, this.stateOf(cell)]));
    this.put(real);
  }

  put(edits) {
    for (const [cell, { text, locked }] of edits) {
      this.box(cell).value = text;
      this.lock(cell).checked = locked;
      this.mark(cell);
    }
    this.sum();
  }

  undo() {
    const last = this.history.pop();
    if (!last) { this.tell(this.words.wordsNothing); return; }
    this.put(last);
    this.tell(this.words.wordsUndone);
    if (wide.matches) this.go(last[0][0]);
  }

  // --- where we are ---

  place(cell) {
    const y = this.rows.findIndex((row) => row.includes(cell));
    return [y, this.rows[y].indexOf(cell)];
  }

  go(cell) {
    if (!cell) return;
    this.active.tabIndex = -1;
    this.active = cell;
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    this.reveal(cell);
    this.describe(cell);
  }

  // The frozen columns and rows lie over the cells: scroll so far that the cell is not under them.
  reveal(cell) {
    const frame = this.table.parentElement;
    const inside = cell.getBoundingClientRect(), around = frame.getBoundingClientRect();
    const left = this.table.tBodies[0].rows[0].cells[2].getBoundingClientRect().right;
    const top = this.table.tHead.getBoundingClientRect().bottom, bottom = this.table.tFoot.getBoundingClientRect().top;
    if (inside.left < left) frame.scrollLeft -= left - inside.left;
    if (inside.right > around.right) frame.scrollLeft += inside.right - around.right;
    if (inside.top < top) frame.scrollTop -= top - inside.top;
    if (inside.bottom > bottom) frame.scrollTop += inside.bottom - bottom;
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  step(dy, dx) {
    const [y, x] = this.place(this.active);
    const row = this.rows[Math.min(Math.max(y + dy, 0), this.rows.length - 1)];
    this.go(row[Math.min(Math.max(x + dx, 0), row.length - 1)]);
  }

  // --- typing ---

  edit(clear) {
    const cell = this.active, input = this.box(cell);
    this.typing = { cell, state: this.stateOf(cell) };
    if (clear) input.value = "";
    input.focus();
    if (!clear) input.select();
  }

  keep() {
    if (!this.typing) return;
    const { cell, state } = this.typing;
    const after = this.stateOf(cell);
    this.typing = null;
    const packs = readPacks(after.text);
    if (packs !== null && !Number.isNaN(packs)) after.text = String(packs);
    this.box(cell).value = state.text;
    this.change([[cell, after]]);
    this.mark(cell);
  }

  leave() {
    const { cell, state } = this.typing;
    this.typing = null;
    this.put([[cell, state]]);
    this.go(cell);
  }

  // --- ears ---

  listen() {
    this.table.addEventListener("keydown", (event) => { if (wide.matches) this.key(event); });
    this.table.addEventListener("mousedown", (event) => {
      const cell = event.target.closest("[data-cell]");
      if (!cell || !wide.matches || event.target.closest("a, label, fieldset") || this.typing?.cell === cell) return;
      event.preventDefault();
      this.keep();
      this.go(cell);
    });
    this.table.addEventListener("dblclick", (event) => {
      if (wide.matches && event.target.closest("[data-cell]") === this.active) this.edit(false);
    });
    this.table.addEventListener("focusin", (event) => {
      const cell = event.target.closest("[data-cell]");
      if (!event.target.matches(".target-grid__input")) return;
      if (!this.typing || this.typing.cell !== cell) { this.keep(); this.typing = { cell, state: this.stateOf(cell) }; }
    });
    this.table.addEventListener("focusout", (event) => { if (event.target.matches(".target-grid__input")) this.keep(); });
    this.table.addEventListener("input", () => this.sum());
    this.table.addEventListener("change", (event) => {
      const cell = event.target.closest("[data-cell]");
      if (cell && event.target.type === "checkbox") this.toggled(cell);
    });
    this.table.addEventListener("paste", (event) => this.pasted(event));
    this.form.addEventListener("submit", () => this.keep(), true);
    this.form.querySelector("[data-undo]")?.addEventListener("click", () => this.undo());
    for (const button of this.form.querySelectorAll("[data-spread]")) {
      button.addEventListener("click", (event) => { event.preventDefault(); this.spread(button); });
    }
    this.review = document.getElementById("paste-review");
    this.review.querySelector("[data-paste-take]").addEventListener("click", () => this.takeReviewed());
    this.review.querySelector("[data-paste-leave]").addEventListener("click", () => this.review.close());
    this.review.addEventListener("close", () => this.reviewed());
  }

  key(event) {
    if (event.isComposing) return;
    const inBox = event.target.matches(".target-grid__input");
    if (inBox) { this.keyInBox(event); return; }
    if (event.target !== this.active || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && event.key.toLowerCase() === "z") { event.preventDefault(); this.undo(); return; }
    if (event.key === "Process" || (!ctrl && /^[0-9０-９]$/.test(event.key))) { this.edit(true); return; }
    const act = ctrl ? this.ctrlKeys()[event.key] : this.plainKeys()[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  plainKeys() {
    const end = this.rows[0].length, page = 10;
    return {
      ArrowUp: () => this.step(-1, 0), ArrowDown: () => this.step(1, 0), ArrowLeft: () => this.step(0, -1), ArrowRight: () => this.step(0, 1),
      Home: () => this.step(0, -end), End: () => this.step(0, end), PageUp: () => this.step(-page, 0), PageDown: () => this.step(page, 0),
      Enter: () => this.edit(false), F2: () => this.edit(false),
      Delete: () => this.change([[this.active, { ...this.stateOf(this.active), text: this.stateOf(this.active).text && "0" }]]),
      Backspace: () => this.edit(true),
      l: () => this.toggle(this.active), L: () => this.toggle(this.active), "=": () => this.askRow(), "＝": () => this.askRow(),
    };
  }

  ctrlKeys() {
    const far = this.rows.length + this.rows[0].length;
    return { Home: () => this.step(-far, -far), End: () => this.step(far, far) };
  }

  keyInBox(event) {
    const moves = { Enter: event.shiftKey ? [-1, 0] : [1, 0], Tab: event.shiftKey ? [0, -1] : [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.leave(); return; }
    if (!moves[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    const cell = this.typing?.cell ?? this.active;
    this.keep();
    this.active = cell;
    this.step(...moves[event.key]);
  }

  // --- locks ---

  toggle(cell) {
    const state = this.stateOf(cell);
    if (!state.text) { this.tell(this.words.wordsEmpty); return; }
    this.change([[cell, { ...state, locked: !state.locked }]]);
    this.tell(state.locked ? this.words.wordsUnlocked : this.words.wordsLocked);
  }

  toggled(cell) {
    const state = this.stateOf(cell);
    this.lock(cell).checked = !state.locked;
    this.toggle(cell);
  }

  // --- pasting ---

  pasted(event) {
    const cell = event.target.closest("[data-cell]");
    const block = readBlock(event.clipboardData.getData("text/plain"));
    if (!cell || (event.target.matches(".target-grid__input") && block.length === 1 && block[0].length === 1)) return;
    event.preventDefault();
    this.keep();
    this.active = cell;
    this.take(block);
  }

  take(block) {
    const [y, x] = this.place(this.active);
    let outside = 0;
    const parts = block.flatMap((line, dy) => line.map((text, dx) => ({ cell: this.rows[y + dy]?.[x + dx], text }))).filter((part) => {
      if (!part.cell) outside += part.text.trim() ? 1 : 0;
      return part.cell && part.text.trim();
    });
    const bad = parts.filter((part) => Number.isNaN(readPacks(part.text)));
    if (bad.length) { this.showReview(parts, bad); return; }
    this.change(parts.map(({ cell, text }) => [cell, { ...this.stateOf(cell), text: String(readPacks(text)) }]));
    if (wide.matches) this.go(this.active);
    this.tell(fill(this.words.wordsPasted, { n: parts.length }) + (outside ? ` ${fill(this.words.wordsOutside, { n: outside })}` : ""));
  }

  showReview(parts, bad) {
    this.waiting = parts;
    this.review.querySelector("[data-paste-words]").textContent = fill(this.words.wordsMany, { n: bad.length });
    this.review.querySelector("[data-paste-list]").replaceChildren(...bad.map((part, number) => {
      part.cell.classList.add("target-grid__cell--wrong");
      const item = document.createElement("li"), label = document.createElement("label"), input = document.createElement("input"), reason = document.createElement("p");
      input.className = "input input--numeric";
      input.value = part.text;
      input.id = `paste-${number}`;
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", `paste-${number}-reason`);
      input.addEventListener("input", () => { part.text = input.value; });
      label.className = "field__label";
      label.htmlFor = input.id;
      label.textContent = this.box(part.cell).getAttribute("aria-label");
      reason.className = "field__error";
      reason.id = `paste-${number}-reason`;
      reason.textContent = fill(this.words.wordsBad, { text: part.text });
      item.append(label, reason, input);
      return item;
    }));
    if (!this.review.open) this.review.showModal();
    this.review.querySelector("input").focus();
  }

  takeReviewed() {
    const parts = this.waiting;
    const bad = parts.filter((part) => Number.isNaN(readPacks(part.text)));
    for (const { cell } of parts) this.mark(cell);
    if (bad.length) { this.showReview(parts, bad); return; }
    this.review.close();
    this.change(parts.filter((part) => readPacks(part.text) !== null).map(({ cell, text }) => [cell, { ...this.stateOf(cell), text: String(readPacks(text)) }]));
    if (wide.matches) this.go(this.active);
    this.tell(fill(this.words.wordsPasted, { n: parts.length }));
  }

  // Closed by a button or Esc: what was not taken is no longer marked.
  reviewed() {
    for (const { cell } of this.waiting) { cell.classList.remove("target-grid__cell--wrong"); this.mark(cell); }
    if (wide.matches) this.go(this.active);
  }

  // --- spreading: the server divides, so that it is divided the same way everywhere ---

  askRow() {
    const dialog = document.getElementById("spread-row"), row = this.active.closest("tr");
    const total = row.querySelector("[data-sum]:last-child")?.textContent.replaceAll(",", "").trim();
    dialog.querySelector("[name=hospital_id]").value = row.dataset.row;
    dialog.querySelector("[name=row_total]").value = /^[0-9]+$/.test(total) ? total : "";
    dialog.showModal();
    dialog.querySelector("[name=row_total]").select();
  }

  async spread(button) {
    this.keep();
    const body = new FormData(this.form);
    body.set("what", button.dataset.spread);
    button.closest("dialog")?.close();
    let answer;
    try {
      const response = await fetch(this.words.spreadUrl, { method: "POST", body, headers: { Accept: "application/json" } });
      answer = await response.json();
    } catch {
      answer = { error: this.words.wordsFailed };
    }
    if (answer.error) { this.tell(answer.error); return; }
    const byKey = new Map(this.cells().map((cell) => [cell.dataset.cell, cell]));
    const edits = Object.entries(answer.cells).map(([key, packs]) => [byKey.get(key), { ...this.stateOf(byKey.get(key)), text: String(packs) }]);
    this.change(edits);
    if (wide.matches) this.go(this.active);
    this.tell(fill(this.words.wordsSpread, { n: edits.length }));
  }
}

function add(place, months) {
  const found = place.dataset.sum.split(" ").filter((month) => months.has(month));
  return found.length ? found.reduce((sum, month) => sum + months.get(month), 0) : null;
}

for (const form of document.querySelectorAll("[data-grid]")) new Grid(form);
