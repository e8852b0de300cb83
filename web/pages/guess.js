// A reader's guesses: each is kept in this browser, where it is allowed to, and stands beside its answer.
import { make } from '../../islands/parts/elements.js';

/** @type {(work: () => any) => any} Without storage, a guess lasts as long as the page. */
const perhaps = (work) => {
  try {
    return work();
  } catch {}
};

const parts = [...document.querySelectorAll('.mine input, .below-input')];
for (const [at, field] of parts.entries()) {
  if (!(field instanceof HTMLInputElement)) continue;
  const question = `guess: ${field.closest('.mine')?.previousElementSibling?.textContent}`; // not its place: it may move
  const told = make('p', { className: 'guessed' });
  field.oninput = () => {
    told.replaceChildren(field.value.trim() && `Your guess: ${field.value}`);
    perhaps(() => localStorage.setItem(question, field.value));
  };
  field.value ||= perhaps(() => localStorage.getItem(question)) ?? ''; // it may have been typed before this script came
  field.dispatchEvent(new Event('input'));
  const answer = parts[at + 1];
  if (!(answer instanceof HTMLDetailsElement)) continue;
  answer.firstElementChild?.after(told);
  field.onkeydown = (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // the same press would close the fold again
    answer.open = true;
    answer.querySelector('summary')?.focus();
  };
}
