package dev.agentrelay.tunnel.rewrite;

import org.jspecify.annotations.Nullable;

/** A quoted string as it is read, in scripts and styles alike. */
final class StringLiteral {
  /** No address is longer; longer strings pass without being collected. */
  static final int MAX_BYTES = 8 * 1024;

  private final Bytes bytes = new Bytes();
  private byte quote;
  private boolean escaped;
  private boolean ended;
  private boolean passing;

  void begin(byte mark) {
    quote = mark;
    escaped = false;
    ended = false;
    passing = false;
    bytes.clear();
    bytes.add(mark);
  }

  /**
   * Takes the next byte, and passes on what is too long to be an address.
   *
   * @return whether it was the last: the other quote, or the end of a line, which closes a string
   *     that was none, for example in a misread expression
   */
  boolean add(byte one, Bytes out) {
    (passing ? out : bytes).add(one);
    if (!passing && bytes.length() > MAX_BYTES) {
      passing = true;
      writeTo(out);
    }
    if (escaped) {
      escaped = false;
      return false;
    }
    escaped = one == '\\';
    ended = one == quote;
    return ended || one == '\n';
  }

  /** What stands between the quotes; {@code null} when it is not all here. */
  @Nullable String text() {
    return ended && !passing ? bytes.text(1, bytes.length() - 1) : null;
  }

  /** Writes it as it came, without what has been passed on. */
  void writeTo(Bytes out) {
    out.addAll(bytes);
    bytes.clear();
  }

  /** Writes it with another text between its quotes; as it came when there is none. */
  void writeTo(Bytes out, @Nullable String other) {
    if (other == null) {
      writeTo(out);
    } else {
      out.add(quote);
      out.add(other);
      out.add(quote);
    }
  }
}
