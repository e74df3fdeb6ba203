package dev.agentrelay.push.delivery;

/** One way to a person's device. */
public interface Sender {
  Channel channel();

  /** Names who takes the delivery, for his share of what is under way. Blocks. */
  String provider(Delivery delivery);

  /** Hands one delivery over. Blocks for a bounded time. */
  Attempt send(Delivery delivery);
}
