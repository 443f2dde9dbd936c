// The summary of errors takes the focus; its links go to the field itself.
export function enhance(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea") ?? target;
    (target.closest(".field") ?? target).scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
}
