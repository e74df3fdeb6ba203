package dev.agentrelay.tunnel.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Supplier;

/** What rewriters make of texts, in whatever pieces they come. */
final class Rewritten {
  static final String BASE = "/api/tunnel/runner/r/3000";
  static final TunnelUrls URLS =
      new TunnelUrls("/api/tunnel/runner/r/", 3000, Set.of("http://localhost:7492"));

  private Rewritten() {}

  static String js(String script) {
    return inEveryPiece(() -> new JsRewriter(URLS), script);
  }

  static String css(String css) {
    return inEveryPiece(() -> new CssRewriter(URLS), css);
  }

  static String fragment(String html) {
    return inEveryPiece(() -> HtmlRewriter.ofFragment(URLS), html);
  }

  static String page(String html) {
    return inEveryPiece(() -> HtmlRewriter.ofDocument(URLS, BASE + "/web/", "RUN", null), html);
  }

  /** The rewritten text, which is the same however the bytes are cut. */
  private static String inEveryPiece(Supplier<BodyRewriter> rewriters, String text) {
    String expected = whole(rewriters.get(), text);
    int length = text.length();
    for (int cut = 1; cut < Math.min(length, 400); cut++) {
      BodyRewriter rewriter = rewriters.get();
      String pieces =
          latin1(rewriter.feed(bytes(text.substring(0, cut))))
              + latin1(rewriter.feed(bytes(text.substring(cut))))
              + latin1(rewriter.end());
      assertThat(pieces).as("cut at %d", cut).isEqualTo(expected);
    }
    return expected;
  }

  static String whole(BodyRewriter rewriter, String text) {
    return latin1(rewriter.feed(bytes(text))) + latin1(rewriter.end());
  }

  private static Buffer bytes(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String latin1(Buffer bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
