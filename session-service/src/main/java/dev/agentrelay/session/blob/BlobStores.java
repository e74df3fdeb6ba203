package dev.agentrelay.session.blob;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Chooses the store by the configuration. */
class BlobStores {

  @Produces
  @ApplicationScoped
  BlobStore store(BlobConfig config) {
    return config
        .s3()
        .bucket()
        .<BlobStore>map(bucket -> S3Store.connect(bucket, config.s3()))
        .orElseGet(() -> new FolderStore(config.folder()));
  }
}
