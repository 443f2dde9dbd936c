// Opens, where there is room, what is folded on a phone.
export function enhance(details) {
  if (matchMedia("(min-width: 60rem)").matches) details.open = true;
}
