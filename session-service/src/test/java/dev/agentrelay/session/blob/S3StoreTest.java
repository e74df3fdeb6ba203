package dev.agentrelay.session.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.platform.error.StoreAwayException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attachments in an S3-compatible store, chosen by the configuration alone. */
class S3StoreTest {
  @Test
  void whatIsPutCanBeReadInPartsUntilItIsDeleted(@TempDir Path folder) throws IOException {
    try (TestingS3 s3 = new TestingS3()) {
      BlobStore store = store(s3, folder);
      Path file = Files.writeString(folder.resolve("new"), "hello");

      store.put("id-1", file);

      assertThat(s3.objects()).containsOnlyKeys("/box/attachments/id-1");
      assertThat(read(store.open("id-1", 0, 5))).isEqualTo("hello");
      assertThat(read(store.open("id-1", 1, 3))).isEqualTo("ell");
      store.delete("id-1");
      store.delete("id-1");
      assertThat(s3.objects()).isEmpty();
      assertThatThrownBy(() -> store.open("id-1", 0, 5)).isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void aStoreThatIsAwayFailsAsOne(@TempDir Path folder) throws IOException {
    TestingS3 s3 = new TestingS3();
    BlobStore store = store(s3, folder);
    s3.close();
    Path file = Files.writeString(folder.resolve("new"), "hello");
    assertThatThrownBy(() -> store.put("id-1", file)).isInstanceOf(StoreAwayException.class);
  }

  @Test
  void aConnectionThatTheStoreHasClosedMeanwhileIsNoFailure(@TempDir Path folder)
      throws IOException {
    TestingS3 s3 = new TestingS3();
    BlobStore store = store(s3, folder);
    store.put("id-1", Files.writeString(folder.resolve("first"), "hello"));
    s3.close();
    try (TestingS3 again = new TestingS3(s3.url().getPort())) {
      store.put("id-2", Files.writeString(folder.resolve("second"), "hello"));
      assertThat(again.objects()).containsOnlyKeys("/box/attachments/id-2");
    }
  }

  @Test
  void aStoreThatRefusesIsNotAway(@TempDir Path folder) throws IOException {
    try (TestingS3 s3 = new TestingS3()) {
      BlobStore store = store(s3, folder);
      s3.failWith(403);
      assertThatThrownBy(() -> store.delete("id-1"))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(StoreAwayException.class);
    }
  }

  private static BlobStore store(TestingS3 s3, Path folder) {
    BlobConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(BlobConfig.class)
            .withSources(
                new PropertiesConfigSource(
                    Map.of(
                        "relay.blob.folder", folder.toString(),
                        "relay.blob.s3.bucket", "box",
                        "relay.blob.s3.endpoint", s3.url().toString(),
                        "relay.blob.s3.access-key", "key",
                        "relay.blob.s3.secret-key", "secret"),
                    "test",
                    500))
            .withConverter(Path.class, 100, Path::of)
            .build()
            .getConfigMapping(BlobConfig.class);
    return new BlobStores().store(config);
  }

  private static String read(Object content) throws IOException {
    try (InputStream in = (InputStream) content) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
