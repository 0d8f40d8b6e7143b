// A copy's PDF beside its text, or in its place where there is room for one. Where the browser shows no PDF within a page,
// and on a phone, whose browsers show only the first page of it, the pages come as pictures. Nothing is fetched unseen.

const WIDE = window.matchMedia("(min-width: 992px)");
const SHOWS_PDF = navigator.pdfViewerEnabled === true && !window.matchMedia("(pointer: coarse)").matches;

function fill(pane) {
  if (pane.querySelector("iframe, ol")) return;
  if (SHOWS_PDF) {
    const frame = document.createElement("iframe");
    frame.title = pane.dataset.title;
    frame.src = `${pane.dataset.pdf}#view=FitH&navpanes=0`;
    pane.append(frame);
  } else {
    pane.append(pane.querySelector("template").content.cloneNode(true));
  }
}

function arrange(shows) {
  const pane = document.getElementById("beside");
  const choice = document.querySelector(".beside-choice");
  const text = document.querySelector(".beside-text");
  if (!pane || !choice || !text) return;
  if (shows) choice.dataset.shows = shows;
  const pages = choice.dataset.shows === "pages";
  choice.hidden = WIDE.matches;
  text.hidden = !WIDE.matches && pages;
  pane.hidden = !WIDE.matches && !pages;
  for (const button of choice.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String((button.dataset.show === "pages") === pages));
  }
  if (!pane.hidden) fill(pane);
}

export function startBeside(root) {
  if (root === document || root.querySelector?.("#beside") || root.id === "beside") arrange();
}

WIDE.addEventListener("change", () => arrange());
document.addEventListener("click", (event) => {
  const button = event.target.closest(".beside-choice button");
  if (button) arrange(button.dataset.show);
});
