// In a list of results the arrow keys go from one to the next, Home and End to the first and the last. Only while the focus is
// on one of them or on the list's heading, so that no other key does anything it did not do before.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-hits]");
  if (!list || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!event.target.matches("[data-hit], #hits")) return;
  const hits = Array.from(list.querySelectorAll("[data-hit]"));
  const here = hits.indexOf(event.target); // -1: the heading, before the first
  const ends = { Home: 0, End: hits.length - 1 };
  const next = event.key in STEPS ? here + STEPS[event.key] : ends[event.key];
  if (next === undefined || !hits[next]) return;
  event.preventDefault();
  (hits[next].closest("li, tr") || hits[next]).scrollIntoView({ block: "nearest" });
  hits[next].focus({ preventScroll: true });
});
