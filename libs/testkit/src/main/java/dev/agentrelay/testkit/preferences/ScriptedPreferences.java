package dev.agentrelay.testkit.preferences;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.identity.TestingIdentities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.json.JSONArray;

/**
 * Says what users prefer; {@link TestingIdentities} then tells services so. What a service heard of
 * a user before holds there for a few seconds more.
 */
public final class ScriptedPreferences {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String authUrl;

  /**
   * @param authUrl value of {@code relay.auth.url}
   */
  public ScriptedPreferences(String authUrl) {
    this.authUrl = authUrl;
  }

  /** From now on the user has hidden these models, each {@code provider/id}, and no others. */
  public void hide(UserId user, String... models) {
    save(user, Json.object("hiddenModels", new JSONArray(List.of(models))).toString());
  }

  /** From now on nobody can say what the user prefers. */
  public void lose(UserId user) {
    save(user, "");
  }

  private void save(UserId user, String preferences) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(authUrl + TestingIdentities.PREFERENCES + user))
            .header(TestingIdentities.SECRET_HEADER, TestingIdentities.INTERNAL_SECRET)
            .PUT(BodyPublishers.ofString(preferences))
            .build();
    try {
      HttpResponse<Void> answer = HTTP.send(request, BodyHandlers.discarding());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("preferences were answered " + answer.statusCode());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
