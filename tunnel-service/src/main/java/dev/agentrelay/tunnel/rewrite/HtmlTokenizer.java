package dev.agentrelay.tunnel.rewrite;

import dev.agentrelay.tunnel.rewrite.TagScanner.Tag;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts HTML into tags, comments, and text as browsers do, however it is spread over pieces; every
 * byte comes out again in order. Only one tag at a time is kept, and a tag that is too long passes
 * in pieces.
 */
final class HtmlTokenizer {
  /** A longer tag holds data, and passes without being looked at. */
  private static final int MAX_TAG = 256 * 1024;

  private static final int LONGEST_RAW_NAME = 16;

  /** Elements whose content is no markup. */
  private static final Set<String> RAW =
      Set.of(
          "script",
          "style",
          "textarea",
          "title",
          "xmp",
          "iframe",
          "noembed",
          "noframes",
          "plaintext");

  private static final Set<String> FOREIGN = Set.of("svg", "math");

  private final Sink sink;

  /** What may become a tag, from its first byte on. */
  private final Bytes markup = new Bytes();

  private final TagScanner tags = new TagScanner(markup);
  private State state = State.TEXT;
  private @Nullable String raw;
  private int foreignDepth;
  private int dashes;

  private enum State {
    TEXT,
    OPEN,
    END_OPEN,
    TAG,
    DECLARATION,
    COMMENT,
    BOGUS,
    RAW_OPEN,
    RAW_END_OPEN,
    RAW_END_NAME
  }

  /** Takes what was found, in order. */
  interface Sink {
    /** Text between tags, or raw text within {@code element}. */
    void text(@Nullable String element, byte[] in, int from, int to);

    /** Comments, doctypes, and tags that are too long to be looked at. */
    void other(byte[] in, int from, int to);

    void tag(Tag tag);
  }

  HtmlTokenizer(Sink sink) {
    this.sink = sink;
  }

  void feed(byte[] in, int from, int to) {
    int run = from;
    for (int i = from; i < to; i++) {
      byte one = in[i];
      if (state == State.TEXT) {
        if (one == '<') {
          emitText(in, run, i);
          beginMarkup(one);
        }
      } else if (state == State.COMMENT || state == State.BOGUS) {
        if (endsMarkup(one)) {
          sink.other(in, run, i + 1);
          run = i + 1;
          state = State.TEXT;
        }
      } else {
        markup.add(one);
        step(one);
        run = i + 1;
        if (markup.length() > MAX_TAG && state == State.TAG) {
          passPiece();
        }
      }
    }
    if (state == State.TEXT) {
      emitText(in, run, to);
    } else if (state == State.COMMENT || state == State.BOGUS) {
      sink.other(in, run, to);
    }
  }

  /** What is left of a tag that never ended. */
  void end() {
    if (state != State.TEXT && state != State.COMMENT && state != State.BOGUS) {
      passMarkup();
    }
    state = State.TEXT;
  }

  private void emitText(byte[] in, int from, int to) {
    if (to > from) {
      sink.text(raw, in, from, to);
    }
  }

  private void beginMarkup(byte one) {
    markup.clear();
    markup.add(one);
    state = raw == null ? State.OPEN : State.RAW_OPEN;
  }

  private boolean endsMarkup(byte one) {
    if (state == State.BOGUS) {
      return one == '>';
    }
    boolean end = one == '>' && dashes >= 2;
    boolean bang = one == '!' && dashes >= 2;
    dashes = one == '-' ? dashes + 1 : bang ? dashes : 0;
    return end;
  }

  private void step(byte one) {
    switch (state) {
      case OPEN -> open(one);
      case END_OPEN -> endOpen(one);
      case TAG -> inTag(one);
      case DECLARATION -> declaration(one);
      case RAW_OPEN -> {
        if (one == '/') {
          state = State.RAW_END_OPEN;
        } else {
          backToText(one);
        }
      }
      case RAW_END_OPEN -> {
        if (isLetter(one)) {
          tags.begin(true);
          state = State.RAW_END_NAME;
        } else {
          backToText(one);
        }
      }
      case RAW_END_NAME -> rawEndName(one);
      case TEXT, COMMENT, BOGUS -> throw new IllegalStateException("handled by feed");
    }
  }

  private void open(byte one) {
    if (isLetter(one)) {
      tags.begin(false);
      state = State.TAG;
    } else if (one == '/') {
      state = State.END_OPEN;
    } else if (one == '!') {
      state = State.DECLARATION;
    } else if (one == '?') {
      passAs(State.BOGUS);
    } else {
      backToText(one);
    }
  }

  private void endOpen(byte one) {
    if (isLetter(one)) {
      tags.begin(true);
      state = State.TAG;
    } else {
      passAs(one == '>' ? State.TEXT : State.BOGUS);
    }
  }

  private void declaration(byte one) {
    if (one == '-' && markup.length() == 3) {
      return; // the first of two
    }
    if (one == '-' && markup.length() == 4 && markup.at(2) == '-') {
      dashes = 2; // so that <!--> is whole
      passAs(State.COMMENT);
    } else {
      passAs(one == '>' ? State.TEXT : State.BOGUS);
    }
  }

  /** It is no tag but what that state says. */
  private void passAs(State next) {
    passMarkup();
    state = next;
  }

  private void passMarkup() {
    byte[] bytes = markup.take().getBytes();
    sink.other(bytes, 0, bytes.length);
  }

  private void rawEndName(byte one) {
    int start = 2; // behind the slash
    if (isLetter(one) && markup.length() - start <= LONGEST_RAW_NAME) {
      return;
    }
    String name = markup.text(start, markup.length() - 1).toLowerCase(Locale.ROOT);
    if (name.equals(raw) && (TagScanner.isSpace(one) || one == '/' || one == '>')) {
      raw = null;
      state = State.TAG;
      inTag(one);
    } else {
      backToText(one);
    }
  }

  /** It was no tag: its bytes are text, except that the last may begin another. */
  private void backToText(byte one) {
    byte[] bytes = markup.take().getBytes();
    boolean again = one == '<';
    emitText(bytes, 0, again ? bytes.length - 1 : bytes.length);
    if (again) {
      beginMarkup(one);
    } else {
      state = State.TEXT;
    }
  }

  private void inTag(byte one) {
    if (!tags.take(one)) {
      return;
    }
    state = State.TEXT;
    if (tags.hasForgotten()) {
      passMarkup();
      return;
    }
    Tag tag = tags.tag();
    enter(tag.name(), tag.isEnd(), tag.isSelfClosing());
    sink.tag(tag);
    markup.clear();
  }

  /** Lets go of a tag that is too long; its end is still looked for. */
  private void passPiece() {
    if (!tags.hasForgotten()) {
      boolean end = markup.at(1) == '/';
      enter(tags.forget(), end, false);
    }
    passMarkup();
  }

  /** From here on, content is that of the element. */
  private void enter(String name, boolean end, boolean selfClosing) {
    if (FOREIGN.contains(name)) {
      foreignDepth = Math.max(0, foreignDepth + (end ? -1 : selfClosing ? 0 : 1));
    } else if (!end && foreignDepth == 0 && RAW.contains(name)) {
      raw = name;
    }
  }

  private static boolean isLetter(byte one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
  }
}
