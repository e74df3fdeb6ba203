package dev.agentrelay.e2e.tunnel;

/** An app whose build has put absolute paths everywhere, as Next.js does. */
final class Pages {
  static final String DOCUMENT =
      """
      <!DOCTYPE html>
      <html><head><title>the app</title>
      <link rel="stylesheet" href="/_next/static/app.css">
      <script type="module" src="/_next/static/app.js"></script>
      </head><body>
      <img id="dot" src="/_next/static/dot.svg" alt="">
      <p id="text">nothing yet</p>
      </body></html>
      """;

  static final String STYLE =
      "#text { color: rgb(1, 2, 3); background: url(/_next/static/dot.svg) }";

  static final String SCRIPT =
      """
      const answer = await (await fetch("/api/hello")).json();
      const chunk = await import("/_next/static/chunk.js");
      document.getElementById("text").textContent = chunk.greet(answer.hello);
      history.pushState(null, "", "/inner/page");
      """;

  static final String CHUNK = "export const greet = who => 'hello ' + who;";

  static final String WORKER =
      "fetch('/api/hello').then(answer => answer.json()).then(body => postMessage(body.hello))";

  static final String IMAGE =
      "<svg xmlns='http://www.w3.org/2000/svg' width='7' height='7'><circle r='3'/></svg>";

  /** A promise in the page that a large binary message comes back from the app as it was. */
  static final String ECHO =
      """
      new Promise((done, fail) => {
        const bytes = new Uint8Array(1536 * 1024);
        for (let i = 0; i < bytes.length; i++) bytes[i] = i * 7919 >> 5;
        const socket = new WebSocket('ws://' + location.host + '/echo');
        socket.binaryType = "arraybuffer";
        socket.onerror = () => fail(new Error("the socket failed"));
        socket.onopen = () => socket.send(bytes);
        socket.onmessage = message => {
          const back = new Uint8Array(message.data);
          socket.close();
          done(back.length === bytes.length && back.every((one, i) => one === bytes[i]));
        };
      })
      """;

  private Pages() {}

  /** Waits until the document's script, with all that it loads, has run. */
  static void awaitShown(Page page) {
    page.awaitTrue("document.getElementById('text').textContent === 'hello from the app'");
  }
}
