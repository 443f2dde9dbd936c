// Reading packs as people type and paste them, the same way as targets/grid.py.
export const MOST = 9_999_999;
const NUMBER = /^([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.0+)?$/;

// Full-width digits, 1,200 and 1 200; null is empty, NaN is nothing we can read.
export function readPacks(text) {
  const plain = text.normalize("NFKC").replaceAll("、", ",").trim().replace(/(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))/g, ",");
  if (!plain) return null;
  if (!NUMBER.test(plain)) return NaN;
  const packs = Number(plain.split(".")[0].replaceAll(",", ""));
  return packs > MOST ? NaN : packs;
}

// Excel's clipboard: rows by line, cells by tab, a cell with a line break in quotes.
export function readBlock(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') { cell += '"'; i += 1; } else quoted = false;
    } else if (sign === '"' && !cell) quoted = true;
    else if (sign === "\t") { rows.at(-1).push(cell); cell = ""; }
    else if (sign === "\n") { rows.at(-1).push(cell); cell = ""; rows.push([]); }
    else if (sign !== "\r") cell += sign;
  }
  if (cell || rows.at(-1).length) rows.at(-1).push(cell);
  else rows.pop();
  return rows;
}
