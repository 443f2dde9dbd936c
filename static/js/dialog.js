// Native dialogs: an opener shows one and the focus comes back to it; the veil, the cross and Esc close it.
export function enhance(element) {
  if (element.matches("[data-dialog-open]")) prepareOpener(element);
  else prepareDialog(element);
}

function prepareOpener(opener) {
  opener.addEventListener("click", (event) => {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (!dialog?.showModal || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.showModal();
  });
  opener.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    opener.click();
  });
}

function prepareDialog(dialog) {
  dialog.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-dialog-close]");
    if (event.target !== dialog && !closer) return;
    event.preventDefault();
    if (location.hash === `#${dialog.id}`) history.replaceState(null, "", location.pathname + location.search);
    dialog.close();
  });
  if (location.hash === `#${dialog.id}`) dialog.showModal();
}
