// Gives figures their alternative texts: JupyterLab 4.6 draws an <img> without the "alt" in its metadata.
// This is a prebuilt extension that needs no building: JupyterLab asks the object below for its plugin.
(() => {
  let scope; // what JupyterLab shares with its extensions

  const get = async () => {
    const [{ get: load }] = Object.values(scope['@jupyterlab/rendermime']);
    const { IRenderMimeRegistry, imageRendererFactory: factory } = (await load())();

    const createRenderer = options => {
      const renderer = factory.createRenderer(options);
      const renderModel = renderer.renderModel.bind(renderer);
      renderer.renderModel = async model => {
        await renderModel(model);
        const alt = model.metadata[options.mimeType]?.alt;
        if (alt) renderer.node.querySelector('img').alt = alt;
      };
      return renderer;
    };

    const plugin = {
      id: 'tricknet-alt:plugin',
      autoStart: true,
      requires: [IRenderMimeRegistry],
      activate: (app, registry) => registry.addFactory({ ...factory, createRenderer })
    };
    return () => ({ __esModule: true, default: plugin });
  };

  const container = { init: shared => (scope = shared), get };
  (window._JUPYTERLAB ??= {})['tricknet-alt'] = container;
})();
