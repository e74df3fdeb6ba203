package dev.agentrelay.e2e.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

/** An app on a runner in a browser, on a host of its own, whose name is all that is needed. */
class TunnelHostIT {
  @Test
  void anAppThatNeedsAnOriginOfItsOwnHasIt() throws Exception {
    TunnelStage stage = TunnelStage.ready();
    URI host = stage.hostUrl(stage.app().port());
    try (Page page = Page.open(host, "")) {
      Pages.awaitShown(page);
      assertThat(page.evaluate("getComputedStyle(document.getElementById('text')).color"))
          .isEqualTo("rgb(1, 2, 3)");
      page.awaitTrue("document.getElementById('dot').naturalWidth === 7");
      assertThat(page.evaluate("location.href")).isEqualTo(host.resolve("/inner/page").toString());
      assertThat(page.evaluate(Pages.ECHO)).isEqualTo(true);
    }
  }
}
