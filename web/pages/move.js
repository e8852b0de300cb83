const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

/** A picture that moves by itself can be stopped. */
for (const button of document.querySelectorAll("picture + button")) {
  const still = button.previousElementSibling.querySelector("source");
  let moves = !REDUCED_MOTION.matches;
  const offer = () => { button.textContent = moves ? "Stop" : "Move"; };
  button.addEventListener("click", () => {
    moves = !moves;
    still.media = moves ? "not all" : "all";
    offer();
  });
  offer();
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
document.querySelector(".all")?.addEventListener("click", ({ target }) => {
  const open = target.classList.toggle("open");
  for (const fold of document.querySelectorAll(".above-input")) fold.open = open;
  target.textContent = open ? "Hide the code" : "Show all code";
});

/** What scrolls sideways can be reached by keys. */
const reach = () => {
  for (const wide of document.querySelectorAll(".formula, table, .output, p:has(> a .paper), .highlight pre")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute("tabindex"); // the window has become wider
  }
};
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true);
reach();

/** Islands, and pages without a connection: see islands.js. */
import(new URL("../web/pages/islands.js", document.currentScript.src));
