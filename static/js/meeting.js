// Meeting mode: Esc in a field gives the arrow keys back, and a timer for those who want one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  event.target.blur();
});

for (const timer of document.querySelectorAll("[data-meeting-timer]")) run(timer);

function run(timer) {
  const place = `repcrm-meeting-${timer.dataset.meetingTimer}`;
  const button = timer.querySelector("button"), words = timer.querySelector(".meeting-timer__words"), left = timer.querySelector(".meeting-timer__left");
  const ends = () => Number(sessionStorage.getItem(place));
  timer.hidden = false;
  button.addEventListener("click", () => {
    if (ends()) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, String(Date.now() + Number(timer.dataset.minutes) * 60000));
    show();
  });
  function show() {
    const running = Boolean(ends());
    words.textContent = running ? timer.dataset.stop : timer.dataset.start;
    words.classList.toggle("visually-hidden", running);
    const seconds = Math.round((ends() - Date.now()) / 1000), over = seconds < 0;
    const [minutes, rest] = [Math.floor(Math.abs(seconds) / 60), Math.abs(seconds) % 60];
    left.textContent = running ? `${over ? "−" : ""}${minutes}:${String(rest).padStart(2, "0")}` : "";
    left.classList.toggle("tone-behind", running && over);
  }
  show();
  setInterval(show, 1000);
}
