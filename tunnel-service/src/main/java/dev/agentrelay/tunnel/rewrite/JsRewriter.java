package dev.agentrelay.tunnel.rewrite;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Rewrites the addresses of modules and workers in JavaScript (tunnel.md 4.3): a scanner that knows
 * comments, strings, templates and regular expressions from code, and looks at a string only where
 * an address can stand.
 */
public final class JsRewriter extends BodyRewriter {
  /** No address is longer; longer strings pass without being collected. */
  private static final int MAX_LITERAL = 8 * 1024;

  private static final int MAX_WORD = 32;
  private static final String BASE = ",import.meta.url";
  private static final String LITERAL = "literal";

  /** Words after which a slash begins a regular expression and does not divide. */
  private static final Set<String> BEFORE_EXPRESSION =
      Set.of(
          "return",
          "typeof",
          "case",
          "in",
          "of",
          "delete",
          "void",
          "throw",
          "new",
          "else",
          "do",
          "instanceof",
          "yield",
          "await");

  private final TunnelUrls urls;
  private final Bytes literal = new Bytes();
  private final Bytes lookahead = new Bytes();
  private final StringBuilder word = new StringBuilder();
  private final Deque<Integer> templates = new ArrayDeque<>();
  private State state = State.CODE;
  private Role role = Role.OTHER;
  private String last = "";
  private String beforeLast = "";
  private String third = "";
  private int braces;
  private byte quote;
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
    LONG_STRING,
    TEMPLATE,
    REGEX,
    BASE_OF_URL
  }

  /** What a string is, by what stands before it. */
  private enum Role {
    ADDRESS,
    /** The first argument of {@code new URL}: an address of ours if relative to the module. */
    URL_ARGUMENT,
    OTHER
  }

  public JsRewriter(TunnelUrls urls) {
    this.urls = urls;
  }

  @Override
  void process(byte[] in, int from, int to, Bytes out) {
    for (int i = from; i < to; i++) {
      step(in[i], out);
    }
  }

  @Override
  void finish(Bytes out) {
    switch (state) {
      case SLASH -> out.add((byte) '/');
      case STRING -> out.addAll(literal);
      case BASE_OF_URL -> {
        out.addAll(literal);
        out.addAll(lookahead);
      }
      default -> {} // everything else has gone out already
    }
    state = State.CODE;
  }

  private void step(byte one, Bytes out) {
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
      case STRING -> string(one, out);
      case LONG_STRING -> {
        out.add(one);
        if (endsString(one)) {
          endLiteral();
        }
      }
      case TEMPLATE -> template(one, out);
      case REGEX -> regex(one, out);
      case BASE_OF_URL -> baseOfUrl(one, out);
    }
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
        quote = one;
        role = roleHere();
        escaped = false;
        literal.clear();
        literal.add(one);
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
    } else if (beginsExpression()) {
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

  private boolean beginsExpression() {
    if (last.isEmpty()) {
      return true;
    }
    char end = last.charAt(last.length() - 1);
    if (last.equals(LITERAL) || end == ')' || end == ']' || end == '}') {
      return false;
    }
    return !isWord((byte) end) || BEFORE_EXPRESSION.contains(last);
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

  private void string(byte one, Bytes out) {
    literal.add(one);
    if (endsString(one)) {
      if (role == Role.URL_ARGUMENT) {
        lookahead.clear();
        state = State.BASE_OF_URL;
      } else {
        emitLiteral(role == Role.ADDRESS, out);
        endLiteral();
      }
    } else if (literal.length() > MAX_LITERAL) {
      out.addAll(literal);
      state = State.LONG_STRING;
    }
  }

  /** A line's end closes a string that was none, for example in a misread expression. */
  private boolean endsString(byte one) {
    if (escaped) {
      escaped = false;
      return false;
    }
    escaped = one == '\\';
    return one == quote || one == '\n';
  }

  private void baseOfUrl(byte one, Bytes out) {
    lookahead.add(one);
    String compact = lookahead.text().replaceAll("\\s", "");
    boolean whole = compact.equals(BASE);
    if (!whole && BASE.startsWith(compact) && lookahead.length() < MAX_LITERAL) {
      return;
    }
    emitLiteral(whole, out);
    endLiteral();
    String rest = lookahead.text();
    for (int i = 0; i < rest.length(); i++) {
      step((byte) rest.charAt(i), out);
    }
  }

  private void emitLiteral(boolean isAddress, Bytes out) {
    String prefixed = null;
    if (isAddress && literal.at(literal.length() - 1) == quote) {
      prefixed = urls.prefixed(literal.text(1, literal.length() - 1));
    }
    if (prefixed == null) {
      out.addAll(literal);
    } else {
      out.add(quote);
      out.add(prefixed);
      out.add(quote);
    }
  }

  private void endLiteral() {
    token(LITERAL);
    state = State.CODE;
  }

  private Role roleHere() {
    if ((last.equals("from") || last.equals("import")) && !beforeLast.equals(".")) {
      return Role.ADDRESS;
    }
    if (!last.equals("(")) {
      return Role.OTHER;
    }
    return switch (beforeLast) {
      case "import", "importScripts" -> third.equals(".") ? Role.OTHER : Role.ADDRESS;
      case "Worker", "SharedWorker" -> third.equals("new") ? Role.ADDRESS : Role.OTHER;
      case "URL" -> third.equals("new") ? Role.URL_ARGUMENT : Role.OTHER;
      default -> Role.OTHER;
    };
  }

  private void endWord() {
    if (!word.isEmpty()) {
      token(word.toString());
      word.setLength(0);
    }
  }

  private void token(String next) {
    third = beforeLast;
    beforeLast = last;
    last = next;
  }

  private static boolean isWord(byte one) {
    return (one >= 'a' && one <= 'z')
        || (one >= 'A' && one <= 'Z')
        || (one >= '0' && one <= '9')
        || one == '_'
        || one == '$'
        || one < 0;
  }
}
