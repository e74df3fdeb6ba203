package dev.agentrelay.push.delivery;

/** One way to a person's device. */
public interface Sender {
  Channel channel();

  /** Hands one delivery over. Blocks for a bounded time. */
  Attempt send(Delivery delivery);
}
