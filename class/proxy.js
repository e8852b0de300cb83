// Inside the Hub's proxy: no page of a pupil's installs a service worker, which would outlive the page and every logout.
// A browser asks for a worker with this header, and for nothing else; `Vary` keeps it from taking one that it had as a page.
const { ConfigurableProxy } = require("configurable-http-proxy");
const { handleProxyWeb } = ConfigurableProxy.prototype;

ConfigurableProxy.prototype.handleProxyWeb = async function (request, response) {
  if ("service-worker" in request.headers) return response.writeHead(403).end();
  const { writeHead } = response;
  response.writeHead = function (...words) {
    this.appendHeader("Vary", "Service-Worker");
    return writeHead.apply(this, words);
  };
  return handleProxyWeb.call(this, request, response);
};
