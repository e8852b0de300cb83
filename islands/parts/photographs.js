// A choice among photographs, the last of which is the reader's own.
import { choice, make } from './elements.js';
import { pixels, read } from './picture.js';

/**
 * @param {[string, string][]} pictures Names and addresses; the first is chosen first.
 * @param {() => void} chosen Told when another is chosen.
 * @param {(error: Error) => void} fail Told, in one sentence, why a file is no photograph.
 */
export async function photographs(pictures, chosen, fail) {
  const all = await Promise.all(pictures.map(async ([, address]) => (await pixels(address)).rgb));
  const which = choice('Picture', [...pictures.map(([name]) => name), 'your own']);
  const own = make('input', { type: 'file', accept: 'image/*', ariaLabel: 'A picture of your own', hidden: true });
  own.onchange = async () => {
    const [file] = own.files ?? [];
    const picture = file && (await read(file).catch(fail));
    own.value = ''; // so that the same file can be chosen again
    if (!picture) return;
    all[pictures.length] = picture;
    chosen();
  };
  which.select.onchange = () => {
    own.hidden = which.select.value !== String(pictures.length);
    chosen();
  };
  return { bar: [which.label, own], rgb: () => all[Number(which.select.value)] ?? all[0] };
}
