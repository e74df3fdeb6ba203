package dev.agentrelay.e2e.console;

import com.microsoft.playwright.WebSocketRoute;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The console says what it knows of its connection, and misses nothing. */
class ConsoleConnectionIT extends ConsoleTest {

  @Test
  void aCutConnectionIsToldAndWhatHappenedMeanwhileIsCaughtUp() {
    AtomicBoolean cut = new AtomicBoolean();
    AtomicReference<WebSocketRoute> route = new AtomicReference<>();
    page.routeWebSocket(
        url -> url.contains("/socket.io/"),
        socket -> {
          route.set(socket);
          if (cut.get()) {
            socket.close(lost());
          } else {
            socket.connectToServer();
          }
        });
    signIn(page);
    ScriptedWorker worker =
        openSession(
            page,
            runner(WorkerScript.standard().withReply(text -> "Heard " + text, Duration.ZERO)));
    say(page, "before");
    page.getByText("Heard before").waitFor();

    cut.set(true);
    Objects.requireNonNull(route.get()).close(lost());
    page.getByText("The connection is lost").waitFor();
    worker.prompt("meanwhile");
    cut.set(false);

    page.getByText("Heard meanwhile").waitFor();
    say(page, "after");
    page.getByText("Heard after").waitFor();
  }

  private static WebSocketRoute.CloseOptions lost() {
    return new WebSocketRoute.CloseOptions().setCode(4000).setReason("lost");
  }

  @Test
  void signingOutInOneTabSignsOutTheOther() {
    signIn(page);
    var other = page.context().newPage();
    other.navigate("/console/");
    button(other, "Sign out").click();

    page.getByLabel("Password").waitFor();
  }
}
