package dev.agentrelay.session.blob;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.PositiveOrZero;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where the content of attachments is kept. */
@ConfigMapping(prefix = "relay.blob")
public interface BlobConfig {

  /**
   * The folder of attachments; with an S3 store only uploads under way lie here. Several replicas
   * that keep attachments in a folder must share it.
   */
  @WithDefault("${user.home}/.agent-relay/attachments")
  Path folder();

  /** How many bytes must stay free on the folder's disk; what would need them is refused. */
  @WithDefault("67108864")
  @PositiveOrZero
  long keepFree();

  S3 s3();

  /** An S3-compatible store; the folder is used while no bucket is named. */
  interface S3 {
    /** The bucket that holds the attachments. It must exist. */
    Optional<String> bucket();

    /** Address of the store; Amazon's for the region when absent. */
    Optional<URI> endpoint();

    /** The region, which stores other than Amazon's do not care for. */
    @WithDefault("us-east-1")
    String region();

    /** Access key; the usual places of the AWS SDK are looked at when absent. */
    Optional<String> accessKey();

    /** Secret of the access key. */
    Optional<String> secretKey();

    /** What the name of each object begins with. */
    @WithDefault("attachments/")
    String prefix();

    /** Whether the bucket is named in the path instead of the host name. */
    @WithDefault("true")
    boolean pathStyle();
  }
}
