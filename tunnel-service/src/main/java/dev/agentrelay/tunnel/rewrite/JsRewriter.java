package dev.agentrelay.tunnel.rewrite;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Rewrites the addresses of modules and workers in JavaScript (tunnel.md 4.3). It looks at a string
 * only where an address can stand, and has an address that is computed looked at when it is known.
 */
public final class JsRewriter extends BodyRewriter {
  private static final List<String> BASE_OF_THIS_MODULE =
      List.of(",", "import", ".", "meta", ".", "url");

  /** Stands for the token after the last. */
  private static final String THE_END = "";

  private final TunnelUrls urls;
  private String prefix;
  private final JsScanner scanner = new JsScanner(new Rewriting());

  /** What cannot be decided before more has come, the innermost first. */
  private final Deque<Undecided> undecided = new ArrayDeque<>();

  /** All that has come since the outermost of them. */
  private final Bytes held = new Bytes();

  private String last = "";
  private String beforeLast = "";
  private String third = "";
  private Bytes out = held;

  public JsRewriter(TunnelUrls urls) {
    this(urls, "");
  }

  private JsRewriter(TunnelUrls urls, String prefix) {
    this.urls = urls;
    this.prefix = prefix;
  }

  /**
   * For the script of a worker, which no page's script can prepare: the runtime script begins it.
   */
  public static JsRewriter ofWorker(TunnelUrls urls, String script) {
    return new JsRewriter(urls, script + "\n");
  }

  @Override
  void process(byte[] in, int from, int to, Bytes into) {
    into.add(prefix);
    prefix = "";
    for (int i = from; i < to; i++) {
      out = undecided.isEmpty() ? into : held;
      scanner.step(in[i], out);
      if (held.length() > StringLiteral.MAX_BYTES) {
        undecided.clear();
      }
      release(into);
    }
  }

  @Override
  void finish(Bytes into) {
    out = undecided.isEmpty() ? into : held;
    scanner.finish(out);
    undecided.removeIf(each -> each.isDecidedBy(THE_END));
    undecided.clear();
    release(into);
  }

  private void release(Bytes into) {
    if (undecided.isEmpty() && held.length() > 0) {
      into.addAll(held);
      held.clear();
    }
  }

  /** What happens to strings and to what leads to them. */
  private final class Rewriting implements JsScanner.Sink {
    @Override
    public void string(StringLiteral literal) {
      boolean ofUrl = isArgumentOf("URL");
      boolean isAddress = isModule() || isArgumentOf("Worker") || isArgumentOf("SharedWorker");
      if (undecided.peek() instanceof ComputedImport argument && argument.isEmpty()) {
        undecided.pop(); // it is not computed
        isAddress = true;
      }
      String text = isAddress || ofUrl ? literal.text() : null;
      String prefixed = text == null ? null : urls.prefixed(text);
      if (ofUrl && prefixed != null) {
        undecided.push(new UrlArgument(held.length() + 1));
        out = held;
      }
      literal.writeTo(out, isAddress ? prefixed : null);
    }

    @Override
    public void token(String token) {
      undecided.removeIf(each -> each.isDecidedBy(token));
      third = beforeLast;
      beforeLast = last;
      last = token;
      if (token.equals("(") && beforeLast.equals("import") && !third.equals(".")) {
        undecided.push(new ComputedImport(held.length()));
      }
    }
  }

  private boolean isModule() {
    boolean named = (last.equals("from") || last.equals("import")) && !beforeLast.equals(".");
    return named || (last.equals("(") && beforeLast.equals("importScripts") && !third.equals("."));
  }

  private boolean isArgumentOf(String constructor) {
    return last.equals("(") && beforeLast.equals(constructor) && third.equals("new");
  }

  private sealed interface Undecided {
    /** Whether that token decides it; then it is written. */
    boolean isDecidedBy(String token);
  }

  /** The first argument of {@code new URL}: an address of ours if relative to this module. */
  private final class UrlArgument implements Undecided {
    private final int start;
    private int matched = -1; // the string itself is a token as well

    UrlArgument(int start) {
      this.start = start;
    }

    @Override
    public boolean isDecidedBy(String token) {
      if (matched >= 0 && !token.equals(BASE_OF_THIS_MODULE.get(matched))) {
        return true;
      }
      matched++;
      if (matched == BASE_OF_THIS_MODULE.size()) {
        held.insert(start, urls.base());
        return true;
      }
      return false;
    }
  }

  /**
   * The argument of an {@code import(…)} that is no string, as of dev servers when they replace a
   * module. Maybe it is that of a method's definition, then a body follows.
   */
  private final class ComputedImport implements Undecided {
    private final int start;
    private int depth;
    private int end = -1;
    private boolean begun;
    private boolean closed;

    ComputedImport(int start) {
      this.start = start;
    }

    boolean isEmpty() {
      return !begun;
    }

    @Override
    public boolean isDecidedBy(String token) {
      if (closed) {
        if (!token.equals("{")) {
          held.insert(end, ")");
          held.insert(start, mapping());
        }
        return true;
      }
      boolean closes = token.equals(")") || token.equals("]") || token.equals("}");
      if (depth == 0 && end < 0 && (closes || token.equals(","))) {
        end = held.length() - 1;
      }
      if (depth == 0 && closes) {
        closed = true;
        return isEmpty();
      }
      begun = true;
      depth += closes ? -1 : token.equals("(") || token.equals("[") || token.equals("{") ? 1 : 0;
      return false;
    }

    /** The beginning of a call that gives an address its place in the tunnel, as here. */
    private String mapping() {
      String base = urls.base();
      return "(a=>/^\\/(?![/\\\\])/.test(a)&&!(a+\"/\").startsWith(\""
          + base
          + "/\")?\""
          + base
          + "\"+a:a)(";
    }
  }
}
