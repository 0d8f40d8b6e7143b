// The small things that HTML cannot do. Every page works without these files; texts come from the page (data attributes).
import { startButtons } from "./buttons.js";
import { startCounting } from "./count.js";
import { startFocus } from "./focus.js";
import { startSaving } from "./saving.js";
import { startSwitching } from "./switching.js";

document.documentElement.classList.add("js");

function start(root) {
  startCounting(root);
  startFocus(root);
}

document.addEventListener("htmx:load", (event) => start(event.detail.elt));
document.addEventListener("tillid:drawn", (event) => start(event.target));
start(document);

const form = document.querySelector("form[data-autosave]");
const queue = form ? startSaving(form) : null;
if (form) startButtons(form, queue);
startSwitching(queue);
