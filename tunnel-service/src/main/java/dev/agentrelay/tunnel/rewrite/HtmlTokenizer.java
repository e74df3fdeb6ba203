package dev.agentrelay.tunnel.rewrite;

import java.util.ArrayList;
import java.util.List;
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
  private final Bytes tag = new Bytes();
  private final List<Attribute> attributes = new ArrayList<>();
  private State state = State.TEXT;
  private @Nullable String raw;
  private int foreignDepth;
  private int nameStart;
  private int nameEnd;
  private int attributeStart;
  private int attributeEnd;
  private int valueStart;
  private byte quote;
  private int dashes;
  private boolean isEnd;
  private boolean tooLong;

  private enum State {
    TEXT,
    OPEN,
    END_OPEN,
    NAME,
    BEFORE_ATTRIBUTE,
    ATTRIBUTE,
    AFTER_ATTRIBUTE,
    BEFORE_VALUE,
    QUOTED,
    UNQUOTED,
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

  /**
   * An attribute by its places in the tag's bytes; without a value, both value places are its end.
   *
   * @param quote what stands around the value, 0 for nothing
   */
  record Attribute(String name, int nameStart, int valueStart, int valueEnd, byte quote) {
    /** Behind the whole attribute. */
    int end() {
      return quote == 0 ? valueEnd : valueEnd + 1;
    }
  }

  /** One whole tag. */
  record Tag(String name, boolean isEnd, Bytes bytes, List<Attribute> attributes) {
    String value(Attribute attribute) {
      return bytes.text(attribute.valueStart(), attribute.valueEnd());
    }

    /** The value of the first attribute of that name; {@code null} when there is none. */
    @Nullable String value(String attribute) {
      for (Attribute each : attributes) {
        if (each.name().equals(attribute)) {
          return value(each);
        }
      }
      return null;
    }
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
          tag.clear();
          tag.add(one);
          tooLong = false;
          state = raw == null ? State.OPEN : State.RAW_OPEN;
        }
      } else if (state == State.COMMENT || state == State.BOGUS) {
        if (endsMarkup(one)) {
          sink.other(in, run, i + 1);
          run = i + 1;
          state = State.TEXT;
        }
      } else {
        tag.add(one);
        step(one);
        run = i + 1;
        if (tag.length() > MAX_TAG && isInTag()) {
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
      byte[] rest = tag.take().getBytes();
      sink.other(rest, 0, rest.length);
    }
    state = State.TEXT;
  }

  private void emitText(byte[] in, int from, int to) {
    if (to > from) {
      sink.text(raw, in, from, to);
    }
  }

  private boolean isInTag() {
    return switch (state) {
      case NAME, BEFORE_ATTRIBUTE, ATTRIBUTE, AFTER_ATTRIBUTE, BEFORE_VALUE, QUOTED, UNQUOTED ->
          true;
      default -> false;
    };
  }

  /** Lets go of a tag that is too long; its end is still looked for. */
  private void passPiece() {
    if (!tooLong) {
      tooLong = true;
      rememberElement(nameIn());
    }
    byte[] piece = tag.take().getBytes();
    sink.other(piece, 0, piece.length);
    attributes.clear();
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
      case NAME -> name(one);
      case BEFORE_ATTRIBUTE -> beforeAttribute(one);
      case ATTRIBUTE -> attribute(one);
      case AFTER_ATTRIBUTE -> afterAttribute(one);
      case BEFORE_VALUE -> beforeValue(one);
      case QUOTED -> {
        if (one == quote) {
          addAttribute(valueStart, here());
          state = State.BEFORE_ATTRIBUTE;
        }
      }
      case UNQUOTED -> {
        if (isSpace(one) || one == '>') {
          addAttribute(valueStart, here());
          state = State.BEFORE_ATTRIBUTE;
          beforeAttribute(one);
        }
      }
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
          beginName(true);
          state = State.RAW_END_NAME;
        } else {
          backToText(one);
        }
      }
      case RAW_END_NAME -> rawEndName(one);
      case TEXT, COMMENT, BOGUS -> throw new IllegalStateException("handled by feed");
    }
  }

  /** The place of the byte that was added last. */
  private int here() {
    return tag.length() - 1;
  }

  private void open(byte one) {
    if (isLetter(one)) {
      beginName(false);
    } else if (one == '/') {
      state = State.END_OPEN;
    } else if (one == '!') {
      state = State.DECLARATION;
    } else if (one == '?') {
      beginMarkup(State.BOGUS);
    } else {
      backToText(one);
    }
  }

  private void endOpen(byte one) {
    if (isLetter(one)) {
      beginName(true);
    } else if (one == '>') {
      passOther();
      state = State.TEXT;
    } else {
      beginMarkup(State.BOGUS);
    }
  }

  private void beginName(boolean end) {
    isEnd = end;
    attributes.clear();
    nameStart = here();
    state = State.NAME;
  }

  private void name(byte one) {
    if (isSpace(one) || one == '/' || one == '>') {
      nameEnd = here();
      state = State.BEFORE_ATTRIBUTE;
      beforeAttribute(one);
    }
  }

  private void beforeAttribute(byte one) {
    if (one == '>') {
      endTag();
    } else if (!isSpace(one) && one != '/') {
      attributeStart = here();
      attributeEnd = -1;
      state = State.ATTRIBUTE;
    }
  }

  private void attribute(byte one) {
    if (one == '=' && here() > attributeStart) {
      attributeEnd = here();
      state = State.BEFORE_VALUE;
    } else if (isSpace(one) || one == '/' || one == '>') {
      attributeEnd = here();
      state = State.AFTER_ATTRIBUTE;
      afterAttribute(one);
    }
  }

  private void afterAttribute(byte one) {
    if (one == '=') {
      state = State.BEFORE_VALUE;
    } else if (!isSpace(one)) {
      addAttribute(attributeEnd, attributeEnd);
      state = State.BEFORE_ATTRIBUTE;
      beforeAttribute(one);
    }
  }

  private void beforeValue(byte one) {
    if (one == '"' || one == '\'') {
      quote = one;
      valueStart = tag.length();
      state = State.QUOTED;
    } else if (one == '>') {
      addAttribute(here(), here());
      endTag();
    } else if (!isSpace(one)) {
      quote = 0;
      valueStart = here();
      state = State.UNQUOTED;
    }
  }

  private void addAttribute(int from, int to) {
    if (!tooLong) {
      String name = tag.text(attributeStart, attributeEnd).toLowerCase(Locale.ROOT);
      byte around = state == State.QUOTED ? quote : 0;
      attributes.add(new Attribute(name, attributeStart, from, to, around));
    }
  }

  private void declaration(byte one) {
    if (one == '-' && tag.length() == 3) {
      return; // the first of two
    }
    if (one == '-' && tag.length() == 4 && tag.at(2) == '-') {
      dashes = 2; // so that <!--> is whole
      beginMarkup(State.COMMENT);
    } else if (one == '>') {
      passOther();
      state = State.TEXT;
    } else {
      beginMarkup(State.BOGUS);
    }
  }

  private void beginMarkup(State next) {
    passOther();
    state = next;
  }

  private void passOther() {
    byte[] bytes = tag.take().getBytes();
    sink.other(bytes, 0, bytes.length);
  }

  private void rawEndName(byte one) {
    if (isLetter(one) && here() - nameStart < 16) {
      return;
    }
    nameEnd = here();
    boolean closes = nameIn().equals(raw) && (isSpace(one) || one == '/' || one == '>');
    if (closes) {
      raw = null;
      state = State.BEFORE_ATTRIBUTE;
      beforeAttribute(one);
    } else {
      backToText(one);
    }
  }

  /** It was no tag: its bytes are text, except that the last may begin another. */
  private void backToText(byte one) {
    byte[] bytes = tag.take().getBytes();
    boolean again = one == '<';
    emitText(bytes, 0, again ? bytes.length - 1 : bytes.length);
    if (again) {
      tag.add(one);
      state = raw == null ? State.OPEN : State.RAW_OPEN;
    } else {
      state = State.TEXT;
    }
  }

  private String nameIn() {
    int end = Math.min(Math.max(nameEnd, nameStart), tag.length());
    return tag.text(nameStart, end).toLowerCase(Locale.ROOT);
  }

  private void endTag() {
    state = State.TEXT;
    if (tooLong) {
      passOther();
      return;
    }
    String name = nameIn();
    rememberElement(name);
    sink.tag(new Tag(name, isEnd, tag, attributes));
    tag.clear();
  }

  private void rememberElement(String name) {
    boolean selfClosing = tag.length() > 1 && tag.at(tag.length() - 2) == '/';
    if (FOREIGN.contains(name)) {
      foreignDepth = Math.max(0, foreignDepth + (isEnd ? -1 : selfClosing ? 0 : 1));
    } else if (!isEnd && foreignDepth == 0 && RAW.contains(name)) {
      raw = name;
    }
  }

  private static boolean isSpace(byte one) {
    return one == ' ' || one == '\t' || one == '\n' || one == '\r' || one == '\f';
  }

  private static boolean isLetter(byte one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
  }
}
