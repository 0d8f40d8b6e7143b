// One field of the form: what it would post, and the line that says whether that is saved.

export function fieldOf(element) {
  return element.closest(".field[data-save]");
}

export function fieldById(id) {
  return document.getElementById(id);
}

// Whether a file is chosen and not sent yet.
export function fileIn(field) {
  return [...(field?.querySelectorAll("input[type=file]") || [])].some((input) => input.files.length);
}

// What the field holds now, with what every post of this form carries.
export function dataOf(field, form, action = "") {
  const data = new FormData();
  for (const input of field.querySelectorAll("[name]")) {
    if (input.name.startsWith("do") || input.disabled || input.tagName === "BUTTON") continue;
    if ((input.type === "radio" || input.type === "checkbox") && !input.checked) continue;
    if (input.type === "file") for (const file of input.files) data.append(input.name, file, file.name);
    else data.append(input.name, input.value);
  }
  for (const name of ["csrf_token", "sammen"]) {
    const input = form.querySelector(`:scope > input[name=${name}]`);
    if (input) data.append(name, input.value);
  }
  if (action) data.append("do", action);
  return data;
}

export function setState(field, text, failed = false) {
  const line = field && field.querySelector(".save-state");
  if (!line) return;
  line.textContent = text;
  line.classList.toggle("failed", failed);
}

export function setProgress(field, share) {
  const bar = field.querySelector("progress");
  if (!bar) return;
  bar.hidden = share >= 1;
  bar.value = share;
}
