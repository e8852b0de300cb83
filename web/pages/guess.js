// A reader's guesses: each is kept in this browser, where it is allowed to, and stands beside its answer.
import { make } from '../../islands/parts/elements.js';

const fields = /** @type {NodeListOf<HTMLInputElement | HTMLDetailsElement>} */ (
  document.querySelectorAll('.mine input, .below-input')
);

/** @type {(work: () => void) => void} Without storage, a guess lasts as long as the page. */
const perhaps = (work) => {
  try {
    work();
  } catch {}
};

for (const [at, field] of fields.entries()) {
  if (!(field instanceof HTMLInputElement)) continue;
  const question = `guess: ${field.closest('.mine')?.previousElementSibling?.textContent}`; // not its place: it may move
  const answer = fields[at + 1];
  const told = make('p', { className: 'guessed', hidden: true });
  const tell = () => {
    told.textContent = `Your guess: ${field.value}`;
    told.hidden = !field.value.trim();
  };
  field.oninput = () => {
    tell();
    perhaps(() => localStorage.setItem(question, field.value));
  };
  if (answer instanceof HTMLDetailsElement) {
    answer.firstElementChild?.after(told);
    field.onkeydown = (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault(); // the same press would close the fold again
      answer.open = true;
      answer.querySelector('summary')?.focus();
    };
  }
  perhaps(() => {
    field.value ||= localStorage.getItem(question) ?? ''; // after a reload, a browser may have put it back itself
  });
  tell();
}
