package dev.agentrelay.tunnel.rewrite;

import dev.agentrelay.tunnel.rewrite.TagScanner.Tag;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the addresses in HTML, and what scripts and styles in it say of addresses, and puts a
 * base address and the runtime script at the beginning of the head (tunnel.md 4.2).
 */
public final class HtmlRewriter extends BodyRewriter {
  private static final int MAX_IMPORT_MAP = 1024 * 1024;
  private static final Set<String> SCRIPT_TYPES =
      Set.of("", "module", "text/javascript", "application/javascript", "text/ecmascript");

  private final TunnelUrls urls;
  private final TagRewriter tags;
  private final String injection;
  private final HtmlTokenizer tokenizer;
  private final Bytes importMap = new Bytes();
  private Bytes out = new Bytes();
  private @Nullable BodyRewriter inline;
  private boolean inImportMap;
  private boolean injected;
  private boolean begun;
  private boolean untouched;

  private HtmlRewriter(TunnelUrls urls, String injection) {
    this.urls = urls;
    this.tags = new TagRewriter(urls);
    this.injection = injection;
    this.injected = injection.isEmpty();
    this.tokenizer = new HtmlTokenizer(new Rewriting());
  }

  /**
   * For a page.
   *
   * @param directory the base address of the page's relative addresses
   * @param script the runtime script
   * @param nonce what the page's policy wants scripts to carry, if it does
   */
  public static HtmlRewriter ofDocument(
      TunnelUrls urls, String directory, String script, @Nullable String nonce) {
    String attribute = nonce == null ? "" : " nonce=\"" + attributeText(nonce) + "\"";
    return new HtmlRewriter(
        urls,
        "<base href=\""
            + attributeText(directory)
            + "\"><script"
            + attribute
            + ">"
            + script
            + "</script>");
  }

  /** For markup that a script puts into its page. */
  public static HtmlRewriter ofFragment(TunnelUrls urls) {
    return new HtmlRewriter(urls, "");
  }

  private static String attributeText(String value) {
    return value.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
  }

  @Override
  void process(byte[] in, int from, int to, Bytes into) {
    if (!begun && to - from >= 2) {
      begun = true;
      untouched = isWide(in[from], in[from + 1]);
    }
    out = into;
    if (untouched) {
      out.add(in, from, to);
    } else {
      tokenizer.feed(in, from, to);
    }
  }

  /** A byte order mark of UTF-16, in which there is no ASCII to be found. */
  private static boolean isWide(byte first, byte second) {
    return (first == (byte) 0xfe && second == (byte) 0xff)
        || (first == (byte) 0xff && second == (byte) 0xfe);
  }

  @Override
  void finish(Bytes into) {
    out = into;
    tokenizer.end();
    endInline();
  }

  private void inject() {
    if (!injected) {
      injected = true;
      out.add(injection);
    }
  }

  private void beginInline(Tag tag) {
    if (tag.name().equals("style")) {
      inline = new CssRewriter(urls);
    } else if (tag.name().equals("script") && tag.value("src") == null) {
      String declared = tag.value("type");
      String type = declared == null ? "" : declared.strip().toLowerCase(Locale.ROOT);
      inImportMap = type.equals("importmap");
      inline = SCRIPT_TYPES.contains(type) ? new JsRewriter(urls) : null;
    }
  }

  private void endInline() {
    if (inline != null) {
      inline.finish(out);
      inline = null;
    }
    if (inImportMap) {
      inImportMap = false;
      out.add(ImportMaps.rewrite(importMap.text(), urls));
      importMap.clear();
    }
  }

  /** What happens to each piece of the page. */
  private final class Rewriting implements HtmlTokenizer.Sink {
    @Override
    public void text(@Nullable String element, byte[] in, int from, int to) {
      if (inImportMap && importMap.length() + to - from <= MAX_IMPORT_MAP) {
        importMap.add(in, from, to);
      } else if (inline != null) {
        inline.process(in, from, to, out);
      } else {
        if (element == null && !isBlank(in, from, to)) {
          inject();
        }
        out.add(in, from, to);
      }
    }

    /** White space and the byte order mark of UTF-8 may stand before everything. */
    private boolean isBlank(byte[] in, int from, int to) {
      for (int i = from; i < to; i++) {
        boolean mark = in[i] == (byte) 0xef || in[i] == (byte) 0xbb || in[i] == (byte) 0xbf;
        if ((in[i] < 0 && !mark) || in[i] > ' ') {
          return false;
        }
      }
      return true;
    }

    @Override
    public void other(byte[] in, int from, int to) {
      out.add(in, from, to);
    }

    @Override
    public void tag(Tag tag) {
      if (tag.isEnd()) {
        endInline();
        inject();
        out.addAll(tag.bytes());
        return;
      }
      if (!tag.name().equals("html") && !tag.name().equals("head")) {
        inject();
      }
      if (!tag.name().equals("base")) {
        tags.write(tag, out);
      }
      if (tag.name().equals("head")) {
        inject();
      }
      beginInline(tag);
    }
  }
}
