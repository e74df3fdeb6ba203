package dev.agentrelay.testkit.clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Everything received, in order, and a way to wait for more. Keeps the newest {@value #CAPACITY}.
 * Thread-safe.
 */
public final class Inbox<T> {
  private static final int CAPACITY = 50_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final List<T> kept = new ArrayList<>();
  private long dropped;

  /** Keeps one more and wakes those who wait. */
  public void add(T item) {
    lock.lock();
    try {
      if (kept.size() == CAPACITY) {
        kept.subList(0, CAPACITY / 2).clear();
        dropped += CAPACITY / 2;
      }
      kept.add(item);
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Everything kept so far, oldest first. */
  public List<T> all() {
    lock.lock();
    try {
      return List.copyOf(kept);
    } finally {
      lock.unlock();
    }
  }

  /** How many have arrived so far; a place from which {@link #awaitAfter} can start. */
  public long mark() {
    lock.lock();
    try {
      return dropped + kept.size();
    } finally {
      lock.unlock();
    }
  }

  /** The first that matches, of those kept or still to come. */
  public T await(Predicate<? super T> wanted, Duration limit) {
    return awaitAfter(0, wanted, limit);
  }

  /** The first that matches among those that arrived after {@code mark}. */
  public T awaitAfter(long mark, Predicate<? super T> wanted, Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      long next = mark;
      while (true) {
        for (next = Math.max(next, dropped); next < dropped + kept.size(); next++) {
          T item = kept.get((int) (next - dropped));
          if (wanted.test(item)) {
            return item;
          }
        }
        if (left <= 0) {
          throw new AwaitTimeoutException(
              "nothing that matches came within " + limit + "; the last were " + last());
        }
        left = added.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwaitTimeoutException("interrupted while waiting");
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many have arrived since the beginning. */
  public void awaitCount(long count, Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (dropped + kept.size() < count) {
        if (left <= 0) {
          throw new AwaitTimeoutException(
              dropped + kept.size() + " of " + count + " came within " + limit);
        }
        left = added.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwaitTimeoutException("interrupted while waiting");
    } finally {
      lock.unlock();
    }
  }

  private List<T> last() {
    return List.copyOf(kept.subList(Math.max(0, kept.size() - 10), kept.size()));
  }
}
