package dev.agentrelay.benchmarks.driver;

/** Told of what one read from the network has brought. */
interface FrameListener {
  /** A text message; the array is reused, so it is good only during the call. */
  void onText(byte[] array, int offset, int length);

  /** The other side closes. */
  void onClose();
}
