package dev.agentrelay.push;

import dev.agentrelay.testkit.push.ScriptedPushProvider;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives tests one push provider and one ntfy server, both on loopback. */
public final class PushTestResource implements QuarkusTestResourceLifecycleManager {
  private @Nullable ScriptedPushProvider provider;
  private @Nullable ScriptedNtfy ntfy;

  @Override
  public Map<String, String> start() {
    provider = ScriptedPushProvider.start();
    ntfy = ScriptedNtfy.start();
    return Map.of(
        "relay.push.provider.private-hosts",
        "localhost",
        "relay.push.provider.certificates",
        provider.certificate().toString(),
        "relay.push.provider.timeout",
        "2s",
        "relay.push.every",
        "200ms",
        "relay.push.ntfy.url",
        ntfy.url(),
        "relay.push.ntfy.publish-token",
        ScriptedNtfy.TOKEN);
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(provider, new TestInjector.MatchesType(ScriptedPushProvider.class));
    injector.injectIntoFields(ntfy, new TestInjector.MatchesType(ScriptedNtfy.class));
  }

  @Override
  public void stop() {
    if (provider != null) {
      provider.close();
    }
    if (ntfy != null) {
      ntfy.close();
    }
  }
}
