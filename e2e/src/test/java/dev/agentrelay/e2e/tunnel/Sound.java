package dev.agentrelay.e2e.tunnel;

import io.vertx.core.buffer.Buffer;

/** Media that every browser can seek in, larger than what it reads ahead. */
final class Sound {
  private static final int SAMPLES_PER_SECOND = 44_100;
  private static final int SAMPLE_BYTES = 2;

  private Sound() {}

  /** A WAV file of that many minutes of a quiet ramp. */
  static Buffer minutes(int minutes) {
    int samples = minutes * 60 * SAMPLES_PER_SECOND;
    int bytes = samples * SAMPLE_BYTES;
    Buffer wav =
        Buffer.buffer(44 + bytes)
            .appendString("RIFF")
            .appendIntLE(36 + bytes)
            .appendString("WAVEfmt ")
            .appendIntLE(16)
            .appendShortLE((short) 1)
            .appendShortLE((short) 1)
            .appendIntLE(SAMPLES_PER_SECOND)
            .appendIntLE(SAMPLES_PER_SECOND * SAMPLE_BYTES)
            .appendShortLE((short) SAMPLE_BYTES)
            .appendShortLE((short) (8 * SAMPLE_BYTES))
            .appendString("data")
            .appendIntLE(bytes);
    for (int i = 0; i < samples; i++) {
      wav.appendShortLE((short) (i % 1_000));
    }
    return wav;
  }
}
