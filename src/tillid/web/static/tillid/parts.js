// An answer of the server is a list of parts; each takes the place of the element with its id.

import { focusOn } from "./focus.js";

// Says it to screen readers, politely. The page shows it elsewhere.
export function say(text) {
  const region = document.getElementById("said");
  if (region && text) region.textContent = region.textContent === text ? text + "\u00a0" : text;
}

function replace(part) {
  const old = document.getElementById(part.id);
  if (!old) return;
  // A reason that is being typed beside a warning stays as long as the warning does.
  if (old.matches(".warnings") && part.querySelector("input") && old.querySelector("input")?.value) return;
  // Told once: what is there already is not said again at every key.
  if (old.querySelector("[role=alert]")) part.querySelector("[role=alert]")?.removeAttribute("role");
  if (old.querySelector("details[open]")) part.querySelector("details")?.setAttribute("open", "");
  const inside = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(part);
  part.dispatchEvent(new CustomEvent("tillid:drawn", { bubbles: true }));
  if (inside) document.getElementById(inside)?.focus({ preventScroll: true });
}

// Puts the parts of ``html`` in place, but not those that ``stays`` names: a field with words that are not sent yet.
export function apply(html, stays = () => false) {
  const answer = new DOMParser().parseFromString(html, "text/html").body;
  const { focus = "", said = "" } = answer.querySelector("[data-answer]")?.dataset || {};
  for (const part of [...answer.children]) {
    if (part.id && !stays(part.id)) replace(document.adoptNode(part));
  }
  say(said);
  if (focus) focusOn(document.getElementById(focus));
}
