package dev.agentrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Documents that are made from the code say what it does; {@code docs/renew} writes them. */
class DocumentsTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String API = "auth-service/src/main/resources/dev/agentrelay/auth/document/";
  private static final boolean RENEW = Boolean.getBoolean("docs.renew");

  @Test
  void errorsAreFresh() throws IOException {
    check("docs/errors.md", ErrorReference.text());
  }

  @Test
  void configurationIsFresh() throws IOException {
    check("docs/configuration.md", ConfigurationReference.text(HOME));
  }

  @Test
  void apiDocumentIsFresh() throws IOException {
    check(API + "openapi.json", OpenApiDocument.text(HOME));
  }

  @Test
  void socketDocumentIsFresh() throws IOException {
    check(API + "asyncapi.json", AsyncApiDocument.text());
  }

  @Test
  void apiPageIsFresh() throws IOException {
    check(API + "docs.html", ApiPage.text(HOME));
  }

  @Test
  void everySettingIsExplained() {
    assertThat(ConfigurationReference.text(HOME).lines()).noneMatch(row -> row.endsWith("|  |"));
  }

  private static void check(String name, String fresh) throws IOException {
    Path file = HOME.resolve(name);
    if (RENEW) {
      Files.writeString(file, fresh);
    }
    assertThat(Files.readString(file))
        .as("%s is stale: run docs/renew and commit what it writes", name)
        .isEqualTo(fresh);
  }
}
