// The words of the chosen step stand under the row.
export function enhance(rating) {
  const words = rating.querySelector("[data-rating-words]");
  rating.addEventListener("change", (event) => {
    words.textContent = event.target.closest("label").title.replace(/^\d · /, "");
  });
}
