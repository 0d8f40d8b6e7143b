// Characters left: counted as the server counts them, by code points after line ends are made one character.

const NEAR = 0.1; // of the limit: from here on a screen reader hears it too
const PAUSE = 1000; // ms: it hears the number when the writer pauses, not at every key

function length(text) {
  return Array.from(text.replace(/\r\n?/g, "\n").normalize("NFC")).length;
}

function show(limit, area) {
  const most = Number(limit.dataset.maxlength);
  const left = most - length(area.value);
  const text = (left < 0 ? limit.dataset.over : limit.dataset.left).replace("{n}", Math.abs(left));
  limit.querySelector(".character-limit").textContent = text;
  limit.classList.toggle("form-limit-error", left < 0);
  return { text, near: left <= Math.max(20, most * NEAR) };
}

export function startCounting(root) {
  root.querySelectorAll(".form-limit .form-input").forEach((area) => show(area.closest(".form-limit"), area));
}

document.addEventListener("input", (event) => {
  const limit = event.target.matches(".form-limit .form-input") && event.target.closest(".form-limit");
  if (!limit) return;
  const { text, near } = show(limit, event.target);
  const spoken = limit.querySelector(".character-limit-sr-only");
  clearTimeout(limit.speaking);
  if (near) limit.speaking = setTimeout(() => { spoken.textContent = text; }, PAUSE);
  else spoken.textContent = "";
});
