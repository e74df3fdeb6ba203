package dev.agentrelay.tunnel.rewrite;

import static dev.agentrelay.tunnel.rewrite.Rewritten.BASE;
import static dev.agentrelay.tunnel.rewrite.Rewritten.css;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses in styles are rewritten and which are not (tunnel.md 4.3). */
class CssRewriterTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@import \"/x.css\";",
        "@import url(/x.css);",
        "a{background:url(/x.css)}",
        "a{background:URL( '/x.css' )}",
        "a{b:url(\"/x.css\") no-repeat, c}"
      })
  void addressesInStylesArePrefixed(String css) {
    assertThat(css(css)).isEqualTo(css.replace("/x.css", BASE + "/x.css"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/* url(/x.css) */",
        "a{content:\"url(/x.css)\"}",
        "a{b:url(//cdn.example/x)}",
        "a{b:url(x.css)}",
        "a{b:url(data:image/png;base64,AA/x.css==)}",
        "a{b:curl(/x.css)}",
        "a{b:url(" + BASE + "/x.css)}",
        "a{b:c/d}",
        "a{b:url(/x"
      })
  void allElseInStylesStays(String css) {
    assertThat(css(css)).isEqualTo(css);
  }
}
