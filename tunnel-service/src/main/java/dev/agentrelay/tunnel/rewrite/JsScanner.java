package dev.agentrelay.tunnel.rewrite;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Cuts JavaScript into tokens as it comes: it knows comments, strings, templates and regular
 * expressions from code. Every byte goes out as it came, but for strings, which are the sink's.
 */
final class JsScanner {
  /** The token that stands for any string, template or regular expression. */
  static final String LITERAL = "literal";

  private static final int MAX_WORD = 32;

  private final Sink sink;
  private final StringLiteral string = new StringLiteral();
  private final StringBuilder word = new StringBuilder();
  private final Slashes slashes = new Slashes();
  private final Deque<Integer> templates = new ArrayDeque<>();
  private State state = State.CODE;
  private int braces;
  private boolean escaped;
  private boolean starred;
  private boolean dollar;
  private boolean inClass;

  private enum State {
    CODE,
    SLASH,
    LINE_COMMENT,
    BLOCK_COMMENT,
    STRING,
    TEMPLATE,
    REGEX
  }

  /** Takes what was found, in order. */
  interface Sink {
    /**
     * A word, a mark of punctuation or a literal has ended, and all its bytes are out. A word is
     * known to have ended by what follows it.
     */
    void token(String token);

    /** A string has ended; it is the sink's to write, and is a token after that. */
    void string(StringLiteral literal);
  }

  JsScanner(Sink sink) {
    this.sink = sink;
  }

  void step(byte one, Bytes out) {
    switch (state) {
      case CODE -> code(one, out);
      case SLASH -> slash(one, out);
      case LINE_COMMENT -> {
        out.add(one);
        if (one == '\n' || one == '\r') {
          state = State.CODE;
        }
      }
      case BLOCK_COMMENT -> {
        out.add(one);
        if (one == '/' && starred) {
          state = State.CODE;
        }
        starred = one == '*';
      }
      case STRING -> {
        if (string.add(one, out)) {
          sink.string(string);
          endLiteral();
        }
      }
      case TEMPLATE -> template(one, out);
      case REGEX -> regex(one, out);
    }
  }

  /** What is left at the end. */
  void finish(Bytes out) {
    if (state == State.SLASH) {
      out.add((byte) '/');
    } else if (state == State.STRING) {
      string.writeTo(out);
    }
    endWord();
    state = State.CODE;
  }

  private void code(byte one, Bytes out) {
    if (isWord(one)) {
      if (word.length() < MAX_WORD) {
        word.append((char) one);
      }
      out.add(one);
      return;
    }
    endWord();
    switch (one) {
      case '"', '\'' -> {
        string.begin(one);
        state = State.STRING;
      }
      case '`' -> {
        out.add(one);
        beginTemplate();
      }
      case '/' -> state = State.SLASH;
      default -> {
        out.add(one);
        punctuation(one);
      }
    }
  }

  private void punctuation(byte one) {
    if (one == ' ' || one == '\t' || one == '\n' || one == '\r') {
      return;
    }
    token(String.valueOf((char) one));
    if (one == '{') {
      braces++;
    } else if (one == '}') {
      if (braces == 0 && !templates.isEmpty()) {
        braces = templates.pop();
        beginTemplate();
      } else if (braces > 0) {
        braces--;
      }
    }
  }

  private void beginTemplate() {
    escaped = false;
    dollar = false;
    state = State.TEMPLATE;
  }

  private void slash(byte one, Bytes out) {
    out.add((byte) '/');
    if (one == '/') {
      out.add(one);
      state = State.LINE_COMMENT;
    } else if (one == '*') {
      out.add(one);
      starred = false;
      state = State.BLOCK_COMMENT;
    } else if (slashes.beginExpression()) {
      escaped = false;
      inClass = false;
      state = State.REGEX;
      regex(one, out);
    } else {
      token("/");
      state = State.CODE;
      code(one, out);
    }
  }

  private void regex(byte one, Bytes out) {
    out.add(one);
    if (one == '\n') {
      state = State.CODE; // it was none
    } else if (escaped) {
      escaped = false;
    } else if (one == '\\') {
      escaped = true;
    } else if (one == '[') {
      inClass = true;
    } else if (one == ']') {
      inClass = false;
    } else if (one == '/' && !inClass) {
      endLiteral();
    }
  }

  private void template(byte one, Bytes out) {
    out.add(one);
    if (escaped) {
      escaped = false;
    } else if (one == '\\') {
      escaped = true;
    } else if (one == '`') {
      endLiteral();
    } else if (one == '{' && dollar) {
      templates.push(braces);
      braces = 0;
      token("{");
      state = State.CODE;
    }
    dollar = one == '$';
  }

  private void endLiteral() {
    token(LITERAL);
    state = State.CODE;
  }

  private void endWord() {
    if (!word.isEmpty()) {
      token(word.toString());
      word.setLength(0);
    }
  }

  private void token(String token) {
    slashes.token(token);
    sink.token(token);
  }

  static boolean isWord(byte one) {
    return (one >= 'a' && one <= 'z')
        || (one >= 'A' && one <= 'Z')
        || (one >= '0' && one <= '9')
        || one == '_'
        || one == '$'
        || one < 0;
  }
}
