// The lab's state, without a page: what comes too late changes nothing, and nothing that fails loses what was reached.
import assert from 'node:assert/strict';
import test from 'node:test';
import { file, initial, reduce, rests, seen } from '../../islands/parts/lab/machine.js';

const labels = ['panda', 'vulture', 'cat'].map((listed) => ({ listed, keys: [listed] }));
const network = { name: 'Net', by: 'Net', labels };
const says = (...numbers) => Float32Array.from(numbers);
const picture = (name) => ({ rgb: new Uint8ClampedArray(3), name, ours: name });
const after = (state, ...events) => events.reduce(reduce, state);
const ready = after(
  initial({ mode: 'trick', network: 'Net', seed: '0' }),
  { type: 'reading' },
  { type: 'read', reading: 1, picture: picture('panda') },
  { type: 'loaded', network },
);
const start = (kind = 'trick') => ({
  type: 'start',
  run: { kind, name: 'panda', target: 1, epsilon: 2, steps: 3, method: '', settings: '', begun: 0, whole: false, frames: [], at: 0 },
});
const frame = (step, p) => ({
  type: 'frame',
  now: 1,
  frame: { step, picture: new Uint8ClampedArray(3).fill(step), probabilities: says(1 - p, p, 0) },
});
const whole = [frame(0, 0.1), frame(1, 0.9), frame(2, 0.9), frame(3, 0.4)];
const end = { type: 'ended' };

test('a trick ends at its best frame, the last of equals, and what is not a trick at its last', () => {
  const trick = after(ready, start(), ...whole, end);
  assert.equal(trick.phase, 'done');
  assert.equal(seen(trick.run).step, 2);
  assert.equal(file(trick), 'panda-to-vulture-eps2.png');
  const first = after(trick, { type: 'moment', at: 0 });
  assert.equal(file(first), 'step-0-panda-to-vulture-eps2.png');
  assert.match(first.words, /panda 90.0%/); // it is about the step that is seen
  const paint = after(ready, start('paint'), ...whole, end);
  assert.equal(seen(paint.run).step, 3);
  assert.equal(file(paint), 'panda-to-vulture-painted.png');
});

test('a trick rests once its target has led for two steps more, and what it has shown it does not show again', () => {
  const led = [0.1, 0.9, 0.2, 0.8, 0.9, 0.9, 0.9].map((p, step) => frame(step, p));
  const states = led.map((_, i) => after(ready, start(), ...led.slice(0, i + 1)));
  assert.equal(states.findIndex(({ run }) => rests(run)), 5);
  assert.equal(new Set(states.map(({ words }) => words)).size, 2); // it takes the lead once
  const on = after(ready, { type: 'start', run: { ...states[5].run, whole: true } }, ...led);
  assert.deepEqual([rests(on.run), on.run.frames.length, on.run.frames[0]], [false, 7, states[5].run.frames[0]]);
  assert.ok(!rests(after(ready, start('paint'), ...led).run));
});

test('stopped before the first step, there is no run; after it, there is; an error costs neither run nor picture', () => {
  const none = after(ready, start(), whole[0], end);
  assert.deepEqual([none.phase, none.run, none.running], ['stopped', undefined, false]);
  const some = after(ready, start(), ...whole.slice(0, 3), end);
  assert.deepEqual([some.phase, some.run.frames.length], ['stopped', 3]);
  const broken = after(ready, start(), ...whole.slice(0, 3), { type: 'ended', error: new Error('No memory.') });
  assert.deepEqual([broken.phase, broken.words, broken.run.frames.length], ['failed', 'No memory.', 3]);
  assert.equal(broken.picture, ready.picture);
});

test('of several pictures the last one handed over counts, and none while steps are taken', () => {
  const twice = after(ready, { type: 'reading' }, { type: 'reading' });
  const late = after(twice, { type: 'read', reading: 2, picture: picture('old') });
  assert.equal(late, twice);
  const last = after(twice, { type: 'read', reading: 3, picture: picture('cat') });
  assert.equal(last.picture.name, 'cat');
  assert.equal(after(last, { type: 'unread', reading: 2, error: new Error('Late.') }), last);
  const damaged = after(twice, { type: 'unread', reading: 3, error: new Error('Damaged.') });
  assert.deepEqual([damaged, after(damaged, { type: 'reading' })].map(({ phase }) => phase), ['failed', 'looking']);
  const running = after(ready, start(), whole[0]);
  const refused = after(running, { type: 'reading' });
  assert.deepEqual([refused.phase, refused.reading], ['failed', running.reading]);
});

test('an answer about something else is ignored, and what went wrong stays', () => {
  const answer = { type: 'looked', turn: ready.turn, probabilities: says(0.7, 0.2, 0.1) };
  assert.equal(after(ready, answer).phase, 'ready');
  const another = after(ready, { type: 'set', settings: { ...ready.settings, mode: 'paint' } });
  assert.equal(after(another, answer), another);
  const failed = after(ready, { type: 'failed', error: new Error('No camera.') }, answer);
  assert.deepEqual([failed.phase, failed.answer], ['failed', answer.probabilities]);
});

test('a network that does not come leaves the one that works; one that comes too late is not taken', () => {
  const waiting = after(ready, { type: 'loading', name: 'Other' });
  const failed = after(waiting, { type: 'unloaded', name: 'Other', error: new Error('Its host says 500.') });
  assert.deepEqual([failed.network, failed.wanted, failed.phase], [network, 'Net', 'failed']);
  const back = after(waiting, { type: 'loading', name: 'Net' });
  assert.equal(after(back, { type: 'loaded', network: { ...network, name: 'Other' } }), back);
});

test('the answer about a sticker is the one about where it is now', () => {
  const looked = after(ready, { type: 'looked', turn: ready.turn, probabilities: says(0.7, 0.2, 0.1) });
  const move = (held) => ({ type: 'moved', at: [1, 1], picture: new Uint8ClampedArray(3), kind: 'vulture', held });
  const moved = after(looked, move(true), move(false));
  assert.equal(after(moved, { type: 'stuck', move: 1, probabilities: says(1, 0, 0) }), moved);
  const stuck = after(moved, { type: 'stuck', move: 2, probabilities: says(0, 1, 0) });
  assert.deepEqual([stuck.phase, file(stuck)], ['done', 'panda-with-vulture.png']);
  assert.equal(after(looked, move(true), { type: 'stuck', move: 1, probabilities: says(0, 1, 0) }).phase, 'looking');
});
