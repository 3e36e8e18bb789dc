// A company's proxy between browser and world: it forwards requests and refuses every tunnel, so no WebSocket gets
// through. It exists because a blocked socket looks like this, and not like a script that was told to fail.

import { createServer, request as requestOnward } from "node:http";

/** Starts the proxy. `context` goes into a browser context; `refused` names each tunnel that was asked for. */
export async function proxy() {
  const refused = [];
  const server = createServer((request, response) => {
    const { method, headers, url } = request;
    const onward = requestOnward(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  const refuse = (request, socket) => {
    refused.push(request.url);
    socket.on("error", () => {});
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
  };
  server.on("connect", refuse).on("upgrade", refuse);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = { proxy: { server: `http://127.0.0.1:${server.address().port}`, bypass: "<-loopback>" } };
  return { context, refused, close: () => server.close() };
}
