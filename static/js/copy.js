// Copies a field into the clipboard; the button shows only where the browser can.
export function enhance(button) {
  const field = document.getElementById(button.dataset.copy);
  if (!navigator.clipboard) return;
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    const { show } = await import("./toast.js");
    show(button.dataset.copied);
  });
}
