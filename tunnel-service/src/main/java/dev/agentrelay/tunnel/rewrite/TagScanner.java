package dev.agentrelay.tunnel.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one tag at a time, from its name to its end, and finds its attributes. */
final class TagScanner {
  private final Bytes bytes;
  private final List<Attribute> attributes = new ArrayList<>();
  private State state = State.NAME;
  private String name = "";
  private int nameStart;
  private int attributeStart;
  private int attributeEnd;
  private int valueStart;
  private byte quote;
  private boolean isEnd;
  private boolean forgotten;

  private enum State {
    NAME,
    BEFORE_ATTRIBUTE,
    ATTRIBUTE,
    AFTER_ATTRIBUTE,
    BEFORE_VALUE,
    QUOTED,
    UNQUOTED,
    END
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

    /** Whether it stands for an element without content, where there are such. */
    boolean isSelfClosing() {
      return bytes.length() > 1 && bytes.at(bytes.length() - 2) == '/';
    }
  }

  /**
   * @param bytes of the tag, to which each byte has been added when it is taken
   */
  TagScanner(Bytes bytes) {
    this.bytes = bytes;
  }

  /** The byte that was added last is the first of a tag's name. */
  void begin(boolean end) {
    isEnd = end;
    nameStart = here();
    forgotten = false;
    attributes.clear();
    state = State.NAME;
  }

  /** Takes the byte that was added last; whether the tag ends with it. */
  boolean take(byte one) {
    switch (state) {
      case NAME -> {
        if (endsName(one)) {
          name = bytes.text(nameStart, here()).toLowerCase(Locale.ROOT);
          state = State.BEFORE_ATTRIBUTE;
          beforeAttribute(one);
        }
      }
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
      case END -> throw new IllegalStateException("the tag has ended");
    }
    return state == State.END;
  }

  /** The tag that has ended. */
  Tag tag() {
    return new Tag(name, isEnd, bytes, attributes);
  }

  /**
   * Goes on without the bytes, which are taken away: only the tag's end is looked for.
   *
   * @return the name of the tag
   */
  String forget() {
    if (state == State.NAME) {
      name = bytes.text(nameStart, bytes.length()).toLowerCase(Locale.ROOT);
    }
    forgotten = true;
    attributeStart = -1;
    attributes.clear();
    return name;
  }

  /** Whether bytes of this tag have been taken away. */
  boolean hasForgotten() {
    return forgotten;
  }

  /** The place of the byte that was added last. */
  private int here() {
    return bytes.length() - 1;
  }

  private void beforeAttribute(byte one) {
    if (one == '>') {
      state = State.END;
    } else if (!isSpace(one) && one != '/') {
      attributeStart = forgotten ? -1 : here();
      state = State.ATTRIBUTE;
    }
  }

  private void attribute(byte one) {
    if (one == '=' && here() > attributeStart) {
      attributeEnd = here();
      state = State.BEFORE_VALUE;
    } else if (endsName(one)) {
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
      valueStart = bytes.length();
      state = State.QUOTED;
    } else if (one == '>') {
      addAttribute(here(), here());
      state = State.END;
    } else if (!isSpace(one)) {
      quote = 0;
      valueStart = here();
      state = State.UNQUOTED;
    }
  }

  private void addAttribute(int from, int to) {
    if (!forgotten) {
      String read = bytes.text(attributeStart, attributeEnd).toLowerCase(Locale.ROOT);
      byte around = state == State.QUOTED ? quote : 0;
      attributes.add(new Attribute(read, attributeStart, from, to, around));
    }
  }

  private static boolean endsName(byte one) {
    return isSpace(one) || one == '/' || one == '>';
  }

  static boolean isSpace(byte one) {
    return one == ' ' || one == '\t' || one == '\n' || one == '\r' || one == '\f';
  }
}
