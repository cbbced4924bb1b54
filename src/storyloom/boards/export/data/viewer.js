"use strict";
const figures = [...document.querySelectorAll("figure")];
const dialog = document.querySelector("dialog");
const image = dialog.querySelector("img");
const words = dialog.querySelector("p");
let here = 0;
let timer = 0;

function show(place) {
  here = (place + figures.length) % figures.length;
  const figure = figures[here];
  const picture = figure.querySelector("img");
  image.hidden = picture === null;
  if (picture) { image.src = picture.src; image.alt = picture.alt; }
  words.textContent = `${figure.dataset.number}  ${figure.querySelector(".caption")?.textContent ?? ""}`;
  if (!dialog.open) dialog.showModal();
}
function play() {
  timer = setTimeout(() => { if (here + 1 < figures.length) { show(here + 1); play(); } else { stop(); } }, 1000 * figures[here].dataset.seconds);
}
function stop() { clearTimeout(timer); timer = 0; }

figures.forEach((figure, place) => figure.querySelector("button").addEventListener("click", () => show(place)));
dialog.addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => { stop(); figures[here].querySelector("button").focus(); });
document.addEventListener("keydown", (event) => {
  if (figures.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const turned = document.dir === "rtl" && event.key.match(/Left|Right/) ? -1 : 1;
  if (step) { stop(); show(dialog.open ? here + step * turned : here); }
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(figures.length - 1);
  else if (event.key === " " && dialog.open) { if (timer) stop(); else play(); }
  else return;
  event.preventDefault();
});
