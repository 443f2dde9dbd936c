// A file can be dropped on the area; its name is shown.
export function enhance(drop) {
  const input = drop.querySelector("input[type=file]");
  const name = drop.querySelector("[data-file-name]");
  drop.classList.add("file-drop--ready");
  const over = (event, on) => { event.preventDefault(); drop.classList.toggle("file-drop--over", on); };
  drop.addEventListener("dragover", (event) => over(event, true));
  drop.addEventListener("dragleave", (event) => over(event, false));
  drop.addEventListener("drop", (event) => {
    over(event, false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => { name.textContent = [...input.files].map((file) => file.name).join(", "); });
}
