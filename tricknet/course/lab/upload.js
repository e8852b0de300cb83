// A button that takes a file from the reader's device. One that is too large is only named: its bytes would close the
// connection, and nobody would learn why.
function render({ model, el }) {
  const input = Object.assign(document.createElement('input'), { type: 'file' });
  const button = Object.assign(document.createElement('button'), { className: 'jupyter-button widget-button' });
  button.textContent = 'Upload a picture';
  button.title = 'Upload a picture from this device';
  button.addEventListener('click', () => input.click());
  input.accept = model.get('accept');
  input.addEventListener('change', async () => {
    const [file] = input.files;
    if (!file) return;
    const { name, size } = file;
    const content = size > model.get('most') ? [] : [await file.arrayBuffer()];
    input.value = ''; // so that the same file can come again
    model.send({ name, size }, undefined, content);
  });
  const lock = () => { button.disabled = model.get('disabled'); };
  model.on('change:disabled', lock);
  lock();
  el.append(button); // its click is all that the input needs
}

export default { render };
