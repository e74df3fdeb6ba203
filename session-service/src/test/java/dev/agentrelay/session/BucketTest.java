package dev.agentrelay.session;

import dev.agentrelay.session.blob.TestingS3;
import java.io.IOException;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The same with little room and an S3-compatible store; see {@link TightLimits}. */
abstract class BucketTest extends AttachmentTest {
  @ConfigProperty(name = "relay.blob.s3.endpoint")
  URI endpoint;

  TestingS3 s3;

  @BeforeEach
  void startStore() throws IOException {
    s3 = new TestingS3(endpoint.getPort());
  }

  @AfterEach
  void stopStore() {
    s3.close();
  }
}
