// Nobody is logged out without a warning: three minutes before the session ends the page says so, and can prolong it.

import { get } from "./send.js";

const BEFORE = 3; // minutes

export function startStaying() {
  const box = document.getElementById("idle");
  if (!box) return;
  let timer;
  const wait = () => {
    box.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(() => { box.hidden = false; }, (Number(box.dataset.minutes) - BEFORE) * 60000);
  };
  box.querySelector("button").addEventListener("click", async () => {
    const answer = await get(box.dataset.sign);
    if (answer.kind === "ok") wait();
  });
  document.addEventListener("tillid:saved", wait); // saving is a sign of life too
  wait();
}
