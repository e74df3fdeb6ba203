package dev.agentrelay.tunnel.rewrite;

import java.util.BitSet;
import java.util.Set;

/**
 * Tells from the tokens of a script whether a slash begins a regular expression or divides. A quote
 * in an expression that was taken for a division would turn code and strings round.
 */
final class Slashes {
  /** Words after which a value follows; after all others something is done to it. */
  private static final Set<String> BEFORE_VALUE =
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

  /** Words whose parentheses have a statement behind them. */
  private static final Set<String> BEFORE_CONDITION = Set.of("if", "while", "for", "with");

  private static final Set<String> BEFORE_BLOCK = Set.of("", ")", ";", "{", "}", ">", "else", "do");

  private final Nesting parentheses = new Nesting();
  private final Nesting braces = new Nesting();
  private String last = "";
  private String beforeLast = "";

  /** Whether what was closed last is the end of a statement's head, or of a statement. */
  private boolean isClosed;

  /** The next token of the script. */
  void token(String token) {
    switch (token) {
      case "(" -> parentheses.open(beginsCondition());
      case ")" -> isClosed = parentheses.close();
      case "{" -> braces.open(beginsBlock());
      case "}" -> isClosed = braces.close();
      default -> {}
    }
    beforeLast = last;
    last = token;
  }

  /** Whether a slash behind the last token begins an expression. */
  boolean beginExpression() {
    return switch (last) {
      case "" -> true;
      case ")", "}" -> isClosed;
      case "]", JsScanner.LITERAL -> false;
      case "+", "-" -> !beforeLast.equals(last); // it divides what was counted up or down
      default -> !isWord(last) || isBeforeValue();
    };
  }

  private boolean beginsCondition() {
    boolean awaiting = last.equals("await") && beforeLast.equals("for");
    return awaiting || (BEFORE_CONDITION.contains(last) && !beforeLast.equals("."));
  }

  /** Not so the braces of an object, which is a value. */
  private boolean beginsBlock() {
    return BEFORE_BLOCK.contains(last) || (isWord(last) && !isBeforeValue());
  }

  private boolean isBeforeValue() {
    return BEFORE_VALUE.contains(last) && !beforeLast.equals(".");
  }

  private static boolean isWord(String token) {
    return JsScanner.isWord((byte) token.charAt(0));
  }

  /** One bit for each bracket that is open, of as many as people write. */
  private static final class Nesting {
    private static final int MAX = 100_000;

    private final BitSet bits = new BitSet();
    private int depth;

    void open(boolean bit) {
      if (depth < MAX) {
        bits.set(depth, bit);
      }
      depth++;
    }

    boolean close() {
      if (depth == 0) {
        return false;
      }
      depth--;
      return depth < MAX && bits.get(depth);
    }
  }
}
