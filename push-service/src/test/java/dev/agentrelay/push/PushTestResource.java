package dev.agentrelay.push;

import dev.agentrelay.testkit.push.ScriptedPushProvider;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives tests two push providers and, if wanted, an ntfy server, all on loopback. */
public final class PushTestResource implements QuarkusTestResourceLifecycleManager {
  /** How many notifications are under way to one provider. */
  static final int PLACES = 4;

  /** Where devices find the ntfy server. */
  static final String PUBLIC_NTFY = "https://ntfy.relay.example";

  /** An argument: there is no ntfy server. */
  static final String WITHOUT_NTFY = "without-ntfy";

  private boolean withNtfy = true;
  private @Nullable ScriptedPushProvider provider;
  private @Nullable ScriptedPushProvider otherProvider;
  private @Nullable ScriptedNtfy ntfy;

  @Override
  public void init(Map<String, String> arguments) {
    withNtfy = !arguments.containsKey(WITHOUT_NTFY);
  }

  @Override
  public Map<String, String> start() {
    provider = ScriptedPushProvider.start();
    otherProvider = ScriptedPushProvider.start();
    Map<String, String> settings = new HashMap<>();
    settings.put("relay.push.provider.private-hosts", "localhost");
    settings.put(
        "relay.push.provider.certificates",
        bundle(provider.certificate(), otherProvider.certificate()).toString());
    settings.put("relay.push.provider.timeout", "2s");
    settings.put("relay.push.provider.concurrency", Integer.toString(PLACES));
    settings.put("relay.push.every", "200ms");
    if (withNtfy) {
      ntfy = ScriptedNtfy.start();
      settings.put("relay.push.ntfy.url", ntfy.url());
      settings.put("relay.push.ntfy.public-url", PUBLIC_NTFY);
      settings.put("relay.push.ntfy.publish-token", ScriptedNtfy.TOKEN);
    }
    return settings;
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(provider, field -> field.getName().equals("provider"));
    injector.injectIntoFields(otherProvider, field -> field.getName().equals("otherProvider"));
    injector.injectIntoFields(ntfy, new TestInjector.MatchesType(ScriptedNtfy.class));
  }

  @Override
  public void stop() {
    if (provider != null) {
      provider.close();
    }
    if (otherProvider != null) {
      otherProvider.close();
    }
    if (ntfy != null) {
      ntfy.close();
    }
  }

  private static Path bundle(Path one, Path other) {
    try {
      Path both = one.resolveSibling("both.pem");
      return Files.writeString(both, Files.readString(one) + Files.readString(other));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
