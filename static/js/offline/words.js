// What scripts say, in the reader's language: the words stand on the page, put there by the server.
const link = () => document.querySelector("[data-queue]");

export const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, key) => values[key]);

export const say = (name, values = {}) => filled(link().dataset[name], values);

// 11月23日周一 / Mon 23 Nov
export function shortDay(day) {
  const style = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };
  return new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", style).format(new Date(`${day}T00:00Z`));
}

export const instant = (ms) =>
  new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", { dateStyle: "medium", timeStyle: "short" }).format(ms);
