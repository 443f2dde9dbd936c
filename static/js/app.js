// Wakes what a page carries: [data-x] loads x.js, which enhances each such element once. Everything works without it.
const MODULES = {
  "[data-dialog-open], [data-dialog]:not(#keyboard-help)": "dialog",
  "[data-toast]": "toast",
  "[data-menu]": "menu",
  "[data-tabs]": "tabs",
  "[data-combobox]": "combobox",
  "[data-palette]": "palette",
  "[data-rating]": "rating",
  "[data-number-stepper]": "number_stepper",
  "[data-table-filter], [data-check-all]": "table_filter",
  "[data-file-drop]": "file_drop",
  "[data-error-summary]": "error_summary",
  "[data-auto-submit], [data-dirty-guard], [data-once], [data-keep-scroll], [data-fill], [data-back]": "form",
  "[data-theme-form]": "theme",
  "[data-refresh]": "refresh",
  "[data-work]": "work",
  "[data-shortcut]": "keys",
  "[data-unfold]": "unfold",
  "[data-queue]": "offline/queue",
  "[data-copy]": "copy",
};
// Where everything is done by thumb there are no keys to listen for.
if (!matchMedia("(any-hover: hover)").matches) for (const keyed of ["[data-shortcut]", "[data-palette]"]) delete MODULES[keyed];
const awake = new WeakMap();

export async function enhance(root = document) {
  await Promise.all(Object.entries(MODULES).map(async ([selector, name]) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.push(root);
    if (!found.length) return;
    const module = await import(`./${name}.js`);
    for (const element of found) {
      const names = awake.get(element) ?? new Set();
      if (names.has(name)) continue;
      awake.set(element, names.add(name));
      module.enhance(element);
    }
  }));
}

// A module that puts new html on the page says so: element.dispatchEvent(new CustomEvent("repcrm:added", {bubbles: true}))
document.addEventListener("repcrm:added", (event) => enhance(event.target));
enhance().then(() => { document.documentElement.dataset.awake = ""; });
