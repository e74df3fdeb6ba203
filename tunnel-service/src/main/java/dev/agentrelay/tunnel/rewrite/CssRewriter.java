package dev.agentrelay.tunnel.rewrite;

import java.util.Locale;

/** Rewrites {@code url(…)} and {@code @import} in CSS (tunnel.md 4.3), comments left alone. */
public final class CssRewriter extends BodyRewriter {
  private static final int MAX_WORD = 16;

  private final TunnelUrls urls;
  private final StringLiteral string = new StringLiteral();
  private final Bytes unquoted = new Bytes();
  private final StringBuilder word = new StringBuilder();
  private State state = State.CODE;
  private boolean importing;
  private boolean isAddress;
  private boolean starred;

  private enum State {
    CODE,
    SLASH,
    COMMENT,
    STRING,
    URL,
    UNQUOTED
  }

  public CssRewriter(TunnelUrls urls) {
    this.urls = urls;
  }

  /** A whole piece of CSS, rewritten. */
  static String rewrite(String css, TunnelUrls urls) {
    CssRewriter rewriter = new CssRewriter(urls);
    Bytes in = new Bytes();
    in.add(css);
    Bytes out = new Bytes();
    for (int i = 0; i < in.length(); i++) {
      rewriter.step(in.at(i), out);
    }
    rewriter.finish(out);
    return out.text();
  }

  @Override
  void process(byte[] in, int from, int to, Bytes out) {
    for (int i = from; i < to; i++) {
      step(in[i], out);
    }
  }

  @Override
  void finish(Bytes out) {
    if (state == State.SLASH) {
      out.add((byte) '/');
    } else if (state == State.STRING) {
      string.writeTo(out);
    } else if (state == State.UNQUOTED) {
      out.addAll(unquoted);
    }
    state = State.CODE;
  }

  private void step(byte one, Bytes out) {
    switch (state) {
      case CODE -> code(one, out);
      case SLASH -> {
        out.add((byte) '/');
        state = State.CODE;
        if (one == '*') {
          out.add(one);
          starred = false;
          state = State.COMMENT;
        } else {
          code(one, out);
        }
      }
      case COMMENT -> {
        out.add(one);
        if (one == '/' && starred) {
          state = State.CODE;
        }
        starred = one == '*';
      }
      case STRING -> {
        if (string.add(one, out)) {
          String text = isAddress ? string.text() : null;
          string.writeTo(out, text == null ? null : urls.prefixed(text));
          state = State.CODE;
        }
      }
      case URL -> url(one, out);
      case UNQUOTED -> unquoted(one, out);
    }
  }

  private void code(byte one, Bytes out) {
    switch (one) {
      case '"', '\'' -> beginString(one, importing || is("@import"));
      case '/' -> state = State.SLASH;
      case '(' -> {
        out.add(one);
        if (is("url")) {
          state = State.URL;
        }
        word.setLength(0);
      }
      default -> {
        out.add(one);
        collectWord(one);
      }
    }
  }

  /** {@code @import} may stand apart from its address, {@code url} must touch its parenthesis. */
  private void collectWord(byte one) {
    boolean space = one == ' ' || one == '\t' || one == '\n' || one == '\r' || one == '\f';
    if (space) {
      importing |= is("@import");
      word.setLength(0);
    } else if (Character.isLetterOrDigit((char) one) || one == '-' || one == '_' || one == '@') {
      importing = false;
      if (word.length() < MAX_WORD) {
        word.append((char) one);
      }
    } else {
      importing = false;
      word.setLength(0);
    }
  }

  private boolean is(String name) {
    return word.toString().toLowerCase(Locale.ROOT).equals(name);
  }

  private void url(byte one, Bytes out) {
    if (one == '"' || one == '\'') {
      beginString(one, true);
    } else if (one == ' ' || one == '\t' || one == '\n' || one == '\r') {
      out.add(one);
    } else {
      unquoted.clear();
      state = State.UNQUOTED;
      unquoted(one, out);
    }
  }

  private void beginString(byte mark, boolean address) {
    string.begin(mark);
    isAddress = address;
    importing = false;
    word.setLength(0);
    state = State.STRING;
  }

  private void unquoted(byte one, Bytes out) {
    boolean end = one == ')' || one == ' ' || one == '\t' || one == '\n' || one == '\r';
    if (!end && unquoted.length() < StringLiteral.MAX_BYTES) {
      unquoted.add(one);
      return;
    }
    String prefixed = urls.prefixed(unquoted.text());
    if (prefixed == null) {
      out.addAll(unquoted);
    } else {
      out.add(prefixed);
    }
    state = State.CODE;
    code(one, out);
  }
}
