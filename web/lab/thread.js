// A thread of a network's engine other than the first: it does its share of each operation, for ever.
import { thread } from './engine.js';

self.onmessage = ({ data: { module, memory, which } }) => {
  const { engine } = thread(module, memory, which);
  self.postMessage('ready');
  engine.serve(which.me);
};
