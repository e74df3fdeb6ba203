package dev.agentrelay.local.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.Secrets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator's environment says goes before what the launcher would say. */
class OperatorSettingsTest {
  @Test
  void whatIsNotSaidIsMadeUp(@TempDir Path folder) {
    Map<String, String> settings = of(folder, Map.of("BETTER_AUTH_SECRET", " "));
    assertThat(settings)
        .containsEntry("RELAY_PUBLIC_URL", "http://localhost:7492")
        .containsEntry("RELAY_TRUSTED_ORIGINS", "http://localhost:7492,http://127.0.0.1:7492")
        .containsKey("RELAY_BLOB_FOLDER");
    assertThat(settings.get("RELAY_AUTH_SECRET")).hasSizeGreaterThanOrEqualTo(32);
  }

  @Test
  void namesThatOperatorsAlreadyUseAreLeftToTheServices(@TempDir Path folder) {
    Map<String, String> settings =
        of(
            folder,
            Map.of(
                "BETTER_AUTH_SECRET", "kept from the other relay",
                "PIZZAPI_BASE_URL", "https://relay.example.org",
                "PIZZAPI_EXTRA_ORIGINS", "https://ui.example.org",
                "PIZZAPI_TUNNEL_DOMAIN", "https://tunnels.example.org",
                "PIZZAPI_ATTACHMENT_DIR", "/srv/files"));
    assertThat(settings)
        .containsOnlyKeys("RELAY_TRUSTED_ORIGINS")
        .containsEntry(
            "RELAY_TRUSTED_ORIGINS",
            "http://localhost:7492,http://127.0.0.1:7492,https://ui.example.org");
  }

  private static Map<String, String> of(Path folder, Map<String, String> environment) {
    DataFolder data = DataFolder.open(folder);
    return OperatorSettings.of(environment, data, Secrets.of(data), 7492);
  }
}
