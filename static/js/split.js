// The page of a split: the difference goes along while typing, and hands in only what adds up.
import { readPacks } from "./packs.js";

const format = new Intl.NumberFormat("en");

for (const form of document.querySelectorAll("[data-split]")) {
  const target = Number(form.dataset.target);
  const boxes = [...form.querySelectorAll("[data-part]")];
  const words = form.querySelector("[data-split-words]");
  const buttons = [...form.querySelectorAll("[data-needs-zero]")];
  words.id ||= "split-words";

  const read = () => {
    const parts = boxes.map((box) => readPacks(box.value));
    for (const [place, part] of parts.entries()) {
      if (Number.isNaN(part)) boxes[place].setAttribute("aria-invalid", "true"); else boxes[place].removeAttribute("aria-invalid");
    }
    return parts.some(Number.isNaN) ? null : target - parts.reduce((sum, part) => sum + (part ?? 0), 0);
  };
  const show = () => {
    const left = read();
    const pattern = left === null ? "Bad" : left > 0 ? "Left" : left < 0 ? "Over" : "Even";
    words.textContent = form.dataset[`words${pattern}`].replace("{n}", format.format(Math.abs(left ?? 0)));
    words.classList.toggle("split__left--open", left !== 0);
    for (const button of buttons) {
      button.setAttribute("aria-disabled", String(left !== 0));
      button.setAttribute("aria-describedby", words.id);
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      if (button.getAttribute("aria-disabled") !== "true") return;
      event.preventDefault();
      words.scrollIntoView({ block: "nearest" });
      words.textContent = String(words.textContent);
    });
  }
  for (const box of boxes) {
    // number_stepper.js steps through stepUp and stepDown, which a text box has not
    const by = (n) => { box.value = String(Math.max((readPacks(box.value) || 0) + n, 0)); };
    box.stepUp = () => by(1);
    box.stepDown = () => by(-1);
  }
  form.addEventListener("input", show);
  show();
}
