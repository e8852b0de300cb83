const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const PACE = 350; // milliseconds for each picture, where they play

/** Pictures of a sheet that can be laid over one another, and moved through with a slider. Without it they stand side by side. */
for (const sheet of document.querySelectorAll("[data-scrub]")) {
  const pictures = [...sheet.querySelectorAll("figure")];
  const bar = sheet.previousElementSibling;
  const [label, slider, button] = ["label", "input", "button"].map((name) => bar.querySelector(name));

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
  sheet.classList.add("ready");
  draw();

  /** All pictures once, unless the reader takes over; then the invitation. */
  const play = async (invitation) => {
    invitation.style.visibility = "hidden";
    load();
    await Promise.all(pictures.map((picture) => picture.querySelector("img").decode().catch(() => {})));
    let taken = false;
    for (const event of ["input", "focus", "pointerdown"]) slider.addEventListener(event, () => { taken = true; });
    button.addEventListener("click", () => { taken = true; });
    for (let i = 0; i < pictures.length && !taken; i++) {
      slider.value = i;
      draw();
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
    invitation.style.visibility = "";
  };
  const invitation = sheet.closest("[data-plays]")?.querySelector(".yours");
  if (invitation && !STILL.matches) play(invitation);
}

/** Charts that were drawn for each place of a slider. */
for (const figure of document.querySelectorAll("[data-frames]")) {
  const frames = JSON.parse(figure.dataset.frames); // of each: its place, address and alternative text
  const image = figure.querySelector("img");
  const start = frames.findIndex(([place]) => place === Number(figure.dataset.start));
  const bar = Object.assign(document.createElement("div"), { className: "scrub" });
  bar.innerHTML = `<label>${figure.dataset.name} <input type="range" max="${frames.length - 1}" value="${start}"></label><output></output>`;
  const [slider, output] = [bar.querySelector("input"), bar.querySelector("output")];
  figure.before(bar);
  const draw = () => {
    const [place, address, alt] = frames[slider.valueAsNumber];
    Object.assign(image, { src: address, alt });
    output.textContent = place;
    slider.setAttribute("aria-valuetext", place);
  };
  const load = () => frames.forEach(([, address]) => { new Image().src = address; });
  slider.addEventListener("input", draw);
  slider.addEventListener("pointerenter", load, { once: true });
  slider.addEventListener("focus", load, { once: true });
  output.textContent = figure.dataset.start;
  slider.setAttribute("aria-valuetext", figure.dataset.start);
  figure.querySelector(".moves").remove();
}

/** A picture that moves by itself can be stopped. */
for (const button of document.querySelectorAll("picture + button")) {
  const still = button.previousElementSibling.querySelector("source");
  const { media } = still;
  button.addEventListener("click", () => {
    still.media = still.media === media ? "all" : media;
    button.textContent = still.media === media ? "Stop" : "Move";
  });
}

/** The bar says which section is in sight. */
const sections = [...document.querySelectorAll("#sections a")];
const here = document.querySelector("[popovertarget=sections]");
const place = () => {
  const top = (link) => (link.hash ? document.getElementById(link.hash.slice(1)).getBoundingClientRect().top : 0);
  const last = sections.findLast((link) => top(link) < 100);
  for (const link of sections) link.ariaCurrent = link === last ? "true" : null;
  here.lastElementChild.textContent = last === sections[0] ? "" : last.textContent;
};
if (here) {
  addEventListener("scroll", place, { passive: true });
  addEventListener("hashchange", () => document.getElementById("sections").hidePopover());
  place();
}

/** One switch for all the code that is folded away. */
const folds = document.querySelectorAll("details:has(> .cell_input)");
if (folds.length) {
  const all = Object.assign(document.createElement("button"), { type: "button", textContent: "Show all code" });
  document.getElementById("sections").append(all);
  all.addEventListener("click", () => {
    const open = [...folds].some((fold) => !fold.open);
    for (const fold of folds) fold.open = open;
    all.textContent = open ? "Hide the code" : "Show all code";
  });
}

/** What scrolls sideways can be reached by keys. */
const reach = () => {
  for (const wide of document.querySelectorAll(".formula, .table-wrapper, .output")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
};
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true);
reach();

/** Figures that the browser can compute: see live.js. */
if (document.querySelector("[data-live]")) import(new URL("../web/pages/live/live.js", document.currentScript.src));
