// The small things that HTML cannot do. Every page works without these files; texts come from the page (data attributes).
import { startBeside } from "./beside.js";
import { startDrawing } from "./boxes.js";
import { startButtons } from "./buttons.js";
import { startCounting } from "./count.js";
import { startDesigning } from "./design.js";
import "./files.js";
import { startFocus } from "./focus.js";
import "./hits.js";
import { startSaving } from "./saving.js";
import { startStaying } from "./staying.js";
import { startSwitching } from "./switching.js";

document.documentElement.classList.add("js");

// htmx notes the page's address there, for a history that is switched off. Nothing is left in a browser that others use.
try {
  sessionStorage.removeItem("htmx-current-path-for-history");
} catch { /* no storage: nothing to remove */ }

function start(root) {
  startCounting(root);
  startFocus(root);
  startBeside(root);
  startDrawing(root);
}

document.addEventListener("htmx:load", (event) => start(event.detail.elt));
document.addEventListener("tillid:drawn", (event) => start(event.target));
start(document);

const form = document.querySelector("form[data-autosave]");
const queue = form ? startSaving(form) : null;
if (form) startButtons(form, queue);
startSwitching(queue);
startStaying();
const editor = document.querySelector("form[data-look]");
if (editor) startDesigning(editor);
