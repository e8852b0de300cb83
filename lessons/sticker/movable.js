// A picture with something round on it that moves: dragged by mouse or finger, or moved by the arrow keys.
// The kernel draws the picture. Until it has come, a ring shows where the thing will be.
const STEP = 4; // pixels of the picture for each press of a key; with Shift, one
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function render({ model, el }) {
  const picture = Object.assign(document.createElement('img'), { draggable: false });
  const ring = Object.assign(document.createElement('div'), { className: 'movable-ring' });
  const board = Object.assign(document.createElement('div'), { className: 'movable', tabIndex: 0, role: 'application' });
  board.setAttribute('data-lm-suppress-shortcuts', ''); // in JupyterLab the arrow keys would go to the next cell
  board.append(picture, ring);
  el.append(board);

  const show = () => {
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(new Blob([model.get('value')], { type: 'image/png' }));
    picture.alt = board.ariaLabel = model.get('words');
  };
  const mark = () => {
    const [row, column] = model.get('at');
    const size = model.get('size');
    Object.assign(ring.style, { width: `${size}px`, top: `${row - size / 2}px`, left: `${column - size / 2}px` });
  };
  // ipywidgets sends one change at a time, the latest: a slow network is not flooded.
  const move = (row, column) => {
    const inside = (n, length) => Math.round(Math.max(0, Math.min(length, n)));
    model.set('at', [inside(row, picture.clientHeight), inside(column, picture.clientWidth)]);
    model.save_changes();
  };

  let grip = null; // from the thing's centre to the pointer, while it is held
  const drag = event => {
    const { top, left } = picture.getBoundingClientRect();
    const [row, column] = [event.clientY - top, event.clientX - left];
    if (!grip) {
      const [y, x] = model.get('at');
      grip = Math.hypot(row - y, column - x) <= model.get('size') / 2 ? [row - y, column - x] : [0, 0];
    }
    move(row - grip[0], column - grip[1]);
  };
  board.addEventListener('pointerdown', event => {
    if (event.button || !event.isPrimary) return; // a right-click saves the picture, as everywhere
    board.setPointerCapture(event.pointerId);
    drag(event);
  });
  board.addEventListener('pointermove', event => grip && event.isPrimary && drag(event));
  board.addEventListener('lostpointercapture', () => {
    grip = null;
  });
  board.addEventListener('contextmenu', event => grip && event.preventDefault()); // a finger that rests
  board.addEventListener('keydown', event => {
    const arrow = ARROWS[event.key];
    if (!arrow || grip) return;
    event.preventDefault(); // the page stays where it is
    const [row, column] = model.get('at');
    const step = event.shiftKey ? 1 : STEP;
    move(row + step * arrow[0], column + step * arrow[1]);
  });

  model.on('change:value', show);
  for (const name of ['at', 'size']) model.on(`change:${name}`, mark);
  show();
  mark();
  return () => URL.revokeObjectURL(picture.src);
}

export default { render };
