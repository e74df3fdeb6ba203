package dev.agentrelay.session.attachment;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.session.AttachmentFolder;
import dev.agentrelay.session.blob.BlobConfig;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What stands in the way of reading an upload, and whose mistake that is. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class MultipartTest {
  private static final byte[] FORM =
      """
      --b\r
      Content-Disposition: form-data; name="file"; filename="a"\r
      \r
      hello\r
      --b--\r
      """
          .getBytes(StandardCharsets.US_ASCII);

  @Inject Multipart multipart;
  @Inject BlobConfig config;

  @Test
  void aFileThatCannotBeSpooledIsNotTheUploadersMistake() throws IOException {
    Path spool = config.folder().resolve("spool");
    Path away = config.folder().resolve("away");
    Files.move(spool, away);
    try {
      assertThatThrownBy(
              () ->
                  multipart.read("multipart/form-data; boundary=b", new ByteArrayInputStream(FORM)))
          .isInstanceOf(IllegalStateException.class);
    } finally {
      Files.move(away, spool);
    }
  }
}
