package dev.agentrelay.tunnel.rewrite;

import io.vertx.core.buffer.Buffer;

/**
 * Rewrites one body as it comes. Bytes are taken as Latin-1, and all that is looked for and put in
 * is ASCII: so any charset that holds ASCII passes unharmed. Memory is bounded. Not thread-safe.
 */
public abstract class BodyRewriter {
  private final Bytes out = new Bytes();

  /** The next bytes of the rewritten body, maybe none yet. */
  public final Buffer feed(Buffer bytes) {
    byte[] in = bytes.getBytes();
    process(in, 0, in.length, out);
    return out.take();
  }

  /** The last bytes. */
  public final Buffer end() {
    finish(out);
    return out.take();
  }

  abstract void process(byte[] in, int from, int to, Bytes out);

  abstract void finish(Bytes out);
}
