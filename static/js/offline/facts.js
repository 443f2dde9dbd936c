// What a call says, fact by fact, as the server's sync/facts.py has it: read out of the form, and compared. Pure.
export const BLANK = {
  result: null, call_type: "one_to_one", started_at_time: null, other_doctor_ids: [], purposes: [], products: [],
  competitors: [], summary: "", follow_up: null, kept_follow_up_ids: [],
};

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// The facts of a filled-in form. pairs: [name, value] as FormData has them; day: the call's, "2026-11-23".
export function read(pairs, day) {
  const all = (name) => pairs.filter(([key]) => key === name).map(([, value]) => value);
  const one = (name) => all(name)[0] ?? "";
  const keys = (name) => all(name).map(Number).sort((a, b) => a - b);
  const met = one("outcome") !== "doctor_not_met";
  const others = keys("other_doctor_ids");
  const type = one("call_type") || BLANK.call_type;
  const chosen = all("product_ids").map(Number);
  const stock = (key) => (one(`stock_${key}`) === "" ? null : Number(one(`stock_${key}`)));
  const counted = pairs.filter(([name, value]) => name.startsWith("stock_") && value !== "").map(([name]) => Number(name.slice(6)));
  const talks = [...chosen, ...counted.filter((key) => !chosen.includes(key))].map((key) => ({
    product_id: key,
    rating: met && chosen.includes(key) ? Number(one(`rating_${key}`)) || null : null,
    stock_packs: stock(key),
  }));
  return {
    result: one("outcome") || null,
    call_type: others.length && type === "one_to_one" ? "one_to_several" : type,
    started_at_time: one("started_at_time").slice(0, 5) || null,
    other_doctor_ids: others,
    purposes: all("purposes").sort(),
    products: talks,
    competitors: keys("competitor_ids").map((key) => ({ competitor_id: key, note: one("competitor_note").trim() })),
    summary: one("summary").trim().replaceAll("\r\n", "\n"),
    follow_up: promise(one("next_step"), one("follow_up_on"), one("follow_up_text").trim(), day),
    kept_follow_up_ids: met ? keys("kept") : [],
  };
}

function promise(step, on, text, day) {
  if (step === "date") return on ? { due_on: on, text } : null;
  return step ? { due_on: plusDays(day, Number(step)), text } : null;
}

export function plusDays(day, days) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

// The facts that differ, as they are now.
export function changed(before, after) {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !same(value, before[name])));
}
