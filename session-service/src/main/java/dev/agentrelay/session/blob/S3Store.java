package dev.agentrelay.session.blob;

import dev.agentrelay.platform.error.StoreAwayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Keeps each blob as one object of a bucket. */
final class S3Store implements BlobStore {
  private static final int FIRST_SERVER_FAILURE = 500;

  /** The JDK keeps at most five connections to a host. */
  private static final int MOST_ATTEMPTS = 6;

  private final S3Client client;
  private final String bucket;
  private final String prefix;

  private S3Store(S3Client client, String bucket, String prefix) {
    this.client = client;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  static S3Store connect(String bucket, BlobConfig.S3 config) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .region(Region.of(config.region()))
            .credentialsProvider(credentials(config))
            .forcePathStyle(config.pathStyle())
            // many stores take plain bodies only
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            // older stores refuse the checksums that Amazon's takes
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
    config.endpoint().ifPresent(builder::endpointOverride);
    return new S3Store(builder.build(), bucket, config.prefix());
  }

  private static AwsCredentialsProvider credentials(BlobConfig.S3 config) {
    return config
        .accessKey()
        .<AwsCredentialsProvider>map(
            key ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(key, config.secretKey().orElse(""))))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  @Override
  public void put(String id, Path file) throws IOException {
    for (int attempt = 1; !sent(id, file); attempt++) {
      if (attempt == MOST_ATTEMPTS) {
        throw new StoreAwayException("the S3 store closes every connection");
      }
    }
  }

  /**
   * False when the store has closed the connection before it took anything, as it does with one
   * that was kept for long. The SDK repeats other failures by itself, but not this one.
   */
  private boolean sent(String id, Path file) throws IOException {
    try {
      client.putObject(
          request -> request.bucket(bucket).key(prefix + id), RequestBody.fromFile(file));
      return true;
    } catch (SdkException e) {
      throw failure(e);
    } catch (UncheckedIOException closed) {
      return false;
    }
  }

  @Override
  public Object open(String id, long offset, long length) throws IOException {
    String range = "bytes=" + offset + "-" + (offset + length - 1);
    try {
      return client.getObject(request -> request.bucket(bucket).key(prefix + id).range(range));
    } catch (NoSuchKeyException e) {
      throw new NoSuchFileException(id);
    } catch (SdkException e) {
      throw failure(e);
    }
  }

  @Override
  public void delete(String id) throws IOException {
    try {
      client.deleteObject(request -> request.bucket(bucket).key(prefix + id));
    } catch (SdkException e) {
      throw failure(e);
    }
  }

  /** Without an answer, with one of the store's own failures, or one that asks for patience. */
  private static IOException failure(SdkException cause) {
    boolean refused =
        cause instanceof SdkServiceException answer
            && answer.statusCode() < FIRST_SERVER_FAILURE
            && !answer.isThrottlingException();
    return refused
        ? new IOException("the S3 store has refused", cause)
        : new StoreAwayException("the S3 store is away", cause);
  }
}
