// Dragging over a page writes the cells that were covered into the field below it; without this they are typed.

const LETTERS = "ABCDEFGHIJKLMNOPQRST";

function cell(picture, event, columns, rows) {
  const box = picture.getBoundingClientRect();
  const part = (at, from, size, count) => Math.min(count - 1, Math.max(0, Math.floor(((at - from) / size) * count)));
  return [part(event.clientX, box.left, box.width, columns), part(event.clientY, box.top, box.height, rows)];
}

function named(from, to) {
  const [left, right] = [from[0], to[0]].sort((a, b) => a - b);
  const [top, bottom] = [from[1], to[1]].sort((a, b) => a - b);
  const first = LETTERS[left] + (top + 1);
  const last = LETTERS[right] + (bottom + 1);
  return first === last ? first : `${first}-${last}`;
}

function drawOn(frame) {
  const picture = frame.querySelector("img");
  const field = document.getElementById(frame.dataset.cellsInto);
  const [columns, rows] = frame.dataset.cells.split(" ").map(Number);
  if (!picture || !field || frame.dataset.drawn) return;
  frame.dataset.drawn = "yes"; // a page is started by itself and by htmx
  const shade = document.createElement("div");
  shade.className = "cells-shade";
  shade.hidden = true;
  frame.append(shade);
  let from = null;
  const show = (to) => {
    const x = [from[0], to[0]].sort((a, b) => a - b);
    const y = [from[1], to[1]].sort((a, b) => a - b);
    shade.hidden = false;
    shade.style.left = `${picture.offsetLeft + (x[0] * picture.offsetWidth) / columns}px`;
    shade.style.top = `${picture.offsetTop + (y[0] * picture.offsetHeight) / rows}px`;
    shade.style.width = `${((x[1] - x[0] + 1) * picture.offsetWidth) / columns}px`;
    shade.style.height = `${((y[1] - y[0] + 1) * picture.offsetHeight) / rows}px`;
  };
  picture.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    from = cell(picture, event, columns, rows);
    picture.setPointerCapture(event.pointerId);
    show(from);
  });
  picture.addEventListener("pointermove", (event) => { if (from) show(cell(picture, event, columns, rows)); });
  picture.addEventListener("pointercancel", () => { from = null; shade.hidden = true; });
  picture.addEventListener("pointerup", (event) => {
    if (!from) return;
    const name = named(from, cell(picture, event, columns, rows));
    field.value = field.value.trim() ? `${field.value.trim()}, ${name}` : name;
    from = null;
    shade.hidden = true;
  });
}

export function startDrawing(root) {
  root.querySelectorAll("[data-cells]").forEach(drawOn);
}
