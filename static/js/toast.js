// What has happened leaves by itself, but not while it is being read (pointer or focus on it); errors and warnings stay.
const SECONDS = 5;

export function enhance(toast) {
  const close = toast.querySelector("[data-toast-close]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  if (toast.matches(".toast--error, .toast--warning")) return;
  let timer;
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => toast.remove(), SECONDS * 1000); };
  const stay = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusout", wait);
  wait();
}

// Shows a toast from a script; `undo` is called when the person takes it back.
export function show(text, { kind = "success", undo = null, undoText = "" } = {}) {
  const toast = document.createElement("div");
  toast.className = `toast toast--${kind}`;
  toast.dataset.toast = "";
  const words = document.createElement("p");
  words.className = "toast__text";
  words.textContent = text;
  toast.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast__undo";
    button.textContent = undoText;
    button.addEventListener("click", () => { toast.remove(); undo(); });
    toast.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast__close";
  close.dataset.toastClose = "";
  close.textContent = "×";
  toast.append(close);
  document.querySelector("[data-toasts]").append(toast);
  enhance(toast);
  return toast;
}
