package dev.agentrelay.tunnel.rewrite;

import java.util.Locale;

/** Rewrites {@code url(…)} and {@code @import} in CSS (tunnel.md 4.3), comments left alone. */
public final class CssRewriter extends BodyRewriter {
  /** No address is longer; longer strings pass without being collected. */
  private static final int MAX_ADDRESS = 8 * 1024;

  private static final int MAX_WORD = 16;

  private final TunnelUrls urls;
  private final Bytes collected = new Bytes();
  private final StringBuilder word = new StringBuilder();
  private State state = State.CODE;
  private boolean importing;
  private boolean isAddress;
  private boolean escaped;
  private boolean starred;
  private byte quote;

  private enum State {
    CODE,
    SLASH,
    COMMENT,
    STRING,
    LONG_STRING,
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
    } else if (state == State.STRING || state == State.UNQUOTED) {
      out.addAll(collected);
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
        collected.add(one);
        if (endsString(one)) {
          emit(out);
        } else if (collected.length() > MAX_ADDRESS) {
          out.addAll(collected);
          state = State.LONG_STRING;
        }
      }
      case LONG_STRING -> {
        out.add(one);
        if (endsString(one)) {
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
      collected.clear();
      state = State.UNQUOTED;
      unquoted(one, out);
    }
  }

  private void beginString(byte mark, boolean address) {
    quote = mark;
    isAddress = address;
    escaped = false;
    importing = false;
    word.setLength(0);
    collected.clear();
    collected.add(mark);
    state = State.STRING;
  }

  private boolean endsString(byte one) {
    if (escaped) {
      escaped = false;
      return false;
    }
    escaped = one == '\\';
    return one == quote || one == '\n';
  }

  private void emit(Bytes out) {
    String prefixed = null;
    if (isAddress && collected.at(collected.length() - 1) == quote) {
      prefixed = urls.prefixed(collected.text(1, collected.length() - 1));
    }
    if (prefixed == null) {
      out.addAll(collected);
    } else {
      out.add(quote);
      out.add(prefixed);
      out.add(quote);
    }
    state = State.CODE;
  }

  private void unquoted(byte one, Bytes out) {
    boolean end = one == ')' || one == ' ' || one == '\t' || one == '\n' || one == '\r';
    if (!end && collected.length() < MAX_ADDRESS) {
      collected.add(one);
      return;
    }
    String prefixed = urls.prefixed(collected.text());
    if (prefixed == null) {
      out.addAll(collected);
    } else {
      out.add(prefixed);
    }
    state = State.CODE;
    code(one, out);
  }
}
