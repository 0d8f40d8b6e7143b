// Buttons inside a field (undo, rows): with JavaScript the field is drawn anew in place, and the focus stays where it was.

import { fieldOf } from "./field.js";
import { say } from "./parts.js";

export function startButtons(form, queue) {
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=do]");
    const field = button && fieldOf(button);
    if (!field) return;
    event.preventDefault();
    if (!(await queue.flush())) return say(form.dataset.offline);
    field.inert = true; // what is typed now would be drawn over
    const kind = await queue.send(field, button.value);
    if (field.isConnected) field.inert = false;
    if (kind === "away") {
      queue.dirty.delete(field.id);
      say(form.dataset.offline);
    }
  });
}
