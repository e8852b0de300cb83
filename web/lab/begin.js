// The lab's first module: it asks for the network that answers first, while the page's other modules are on their way.
import { ask, kept, rows } from './ask.js';
import { install } from './install.js';

const SIDE = 224; // of the lab's pictures, which are in colour
const [BEST, QUICK] = ['GoogLeNet', 'SqueezeNet'];

await install(true);
const all = await rows().catch((/** @type {Error} */ { message }) => message);
/** Why there is none, or "". */
export const missing = typeof all === 'string' ? all : '';
const large = typeof all === 'string' ? [] : all.filter(({ side, channels }) => side === SIDE && channels === 3);
/** The names of the networks; the first one is also for links that name none of them. */
export const networks = large.map(({ name }) => name).sort((a, b) => Number(b === BEST) - Number(a === BEST));
const named = new URLSearchParams(location.search).get('network') ?? '';
const one = networks.includes(named) ? named : networks[0];
/** The one that answers until the first has come, which takes longer; "" if there is nothing to wait for. */
export const quick = one === named || (await kept(one)) || !networks.includes(QUICK) ? '' : QUICK;
if (networks.length) ask(quick || one, () => {}).catch(() => {}); // whoever asks next hears what went wrong
