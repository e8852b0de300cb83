/** Pictures of a sheet that can be laid over one another, and moved through with a slider. Without it they stand side by side. */
for (const sheet of document.querySelectorAll("[data-scrub]")) {
  const pictures = [...sheet.querySelectorAll("figure")];
  const name = sheet.dataset.scrub;
  const bar = document.createElement("div");
  const button = document.createElement("button");
  const label = document.createElement("label");
  const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: pictures.length - 1, value: 0 });
  bar.className = "scrub";
  button.type = "button";
  label.append(name, " ", slider);
  bar.append(label, button);
  sheet.before(bar);

  const draw = () => {
    const one = sheet.classList.contains("one");
    pictures.forEach((picture, i) => { picture.hidden = one && i !== slider.valueAsNumber; });
    slider.setAttribute("aria-valuetext", pictures[slider.valueAsNumber].innerText.replace("\n", ": "));
    label.hidden = !one;
    button.textContent = one ? "Side by side" : "One over the other";
  };
  const load = () => pictures.forEach((picture) => { picture.querySelector("img").loading = "eager"; });
  slider.addEventListener("input", draw);
  slider.addEventListener("pointerenter", load);
  slider.addEventListener("focus", load);
  button.addEventListener("click", () => { sheet.classList.toggle("one"); load(); draw(); });
  sheet.classList.toggle("one", !("beside" in sheet.dataset));
  sheet.classList.add("ready");
  draw();
}

/** What scrolls sideways can be reached by keys. */
const reach = () => {
  for (const wide of document.querySelectorAll("pre, .formula, .table-wrapper")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
};
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true);
reach();

/** Figures that the browser can compute: see live.js. */
if (document.querySelector("[data-live]")) import(new URL("../web/pages/live/live.js", document.currentScript.src));
