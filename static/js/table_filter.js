// Hides the rows that do not match what is typed; ticks many boxes at once.
export function enhance(element) {
  if (element.matches("[data-check-all]")) return checkAll(element);
  const rows = [...document.querySelectorAll(`#${CSS.escape(element.dataset.tableFilter)} tbody tr`)];
  const input = element.querySelector("input");
  const status = element.querySelector("[role=status]");
  element.hidden = false;
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) shown += 1;
    }
    status.textContent = shown ? String(shown) : status.dataset.none;
  });
}

function checkAll(master) {
  const scope = master.form ?? document;
  const boxes = () => [...scope.querySelectorAll(`input[type=checkbox][name="${CSS.escape(master.dataset.checkAll)}"]:not(:disabled)`)];
  master.addEventListener("change", () => { for (const box of boxes()) box.checked = master.checked; });
}
