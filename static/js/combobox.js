// Search as you type: asks the server for a list of options while a person types (never in the middle of an IME's composition).
const PAUSE = 150;
let count = 0;

export function enhance(box) {
  const input = box.querySelector("input:not([type=hidden])");
  const value = box.querySelector("[data-combobox-value]");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[data-combobox-status]");
  const stays = "comboboxStays" in box.dataset;
  let timer, request, active = -1, chosenText = value.value ? input.value : null;

  for (const [name, words] of Object.entries({ role: "combobox", "aria-expanded": String(stays), "aria-controls": list.id, "aria-autocomplete": "list" })) {
    input.setAttribute(name, words);
  }
  const options = () => [...list.querySelectorAll("[role=option]")];

  input.addEventListener("input", (event) => {
    if (input.value !== chosenText) value.value = "";
    if (!event.isComposing) askSoon();
  });
  input.addEventListener("compositionend", askSoon);
  input.addEventListener("focus", () => { if (list.childElementCount && !value.value && !stays) open(); });
  input.addEventListener("blur", () => setTimeout(close, 100));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return all.length ? open() : ask();
      mark((active + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
    } else if (event.key === "Enter" && !list.hidden && all[active]) {
      event.preventDefault();
      choose(all[active]);
    } else if (event.key === "Escape" && !list.hidden && !stays) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });

  function askSoon() { clearTimeout(timer); timer = setTimeout(ask, PAUSE); }

  async function ask() {
    request?.abort();
    const words = input.value.trim();
    if (!words && !stays) return close();
    request = new AbortController();
    const url = new URL(box.dataset.combobox, location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show(html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    list.replaceChildren(...parsed.querySelectorAll("[role=option]"));
    number();
    const found = options().length;
    status.textContent = found ? status.dataset.some.replace("{n}", found) : status.dataset.none;
    active = -1;
    if (found) { open(); mark(0); } else close();
  }

  function number() {
    for (const option of options()) option.id = `combobox-option-${++count}`;
  }

  function mark(index) {
    active = index;
    options().forEach((option, position) => option.setAttribute("aria-selected", String(position === index)));
    const option = options()[index];
    input.setAttribute("aria-activedescendant", option ? option.id : "");
    option?.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    if (option.dataset.href) { location.assign(option.dataset.href); return; }
    value.value = option.dataset.value;
    input.value = chosenText = option.dataset.text;
    close();
    value.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function open() { list.hidden = false; input.setAttribute("aria-expanded", "true"); }
  function close() { list.hidden = !stays; input.setAttribute("aria-expanded", String(stays)); input.removeAttribute("aria-activedescendant"); }
  number();
}
