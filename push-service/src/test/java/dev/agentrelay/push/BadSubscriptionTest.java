package dev.agentrelay.push;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What P2 to P6 of rest.md 6.3 refuse. */
@QuarkusTest
class BadSubscriptionTest extends PushTest {
  private static final String ENDPOINT = "https://push.example.org/send/abc";
  private static final String REFUSED =
      "Invalid push endpoint: must be an https:// URL not targeting private/loopback addresses";

  @Test
  void whatIsMissingIsSaid() {
    for (String body :
        new String[] {
          "{}",
          "{\"endpoint\":\"https://a.example\"}",
          "{\"endpoint\":\"https://a.example\",\"keys\":{\"p256dh\":\"x\"}}",
          "{\"endpoint\":\"https://a.example\",\"keys\":{\"p256dh\":\"x\",\"auth\":\"\"}}",
          "{\"endpoint\":\"https://a.example\",\"keys\":[\"x\",\"y\"]}",
          "{\"endpoint\":7,\"keys\":{\"p256dh\":\"x\",\"auth\":\"y\"}}"
        }) {
      refused(post("subscribe", body), "Missing required fields: endpoint, keys.p256dh, keys.auth");
    }
    refused(post("subscribe", "[]"), "Invalid JSON body");
    refused(post("subscribe", "no json"), "Invalid JSON body");
    refused(post("unsubscribe", "{}"), "Missing endpoint");
    refused(put("events", "{\"endpoint\":\"e\"}"), "Missing endpoint or enabledEvents");
    refused(
        put("events", "{\"endpoint\":\"e\",\"enabledEvents\":\"\"}"),
        "Missing endpoint or enabledEvents");
    refused(
        put("child-notifications", "{\"endpoint\":\"e\",\"suppress\":\"yes\"}"),
        "Missing endpoint or suppress (boolean)");
  }

  @Test
  void eventsThatAreNoTextAreRefused() {
    String body =
        "{\"endpoint\":\"https://a.example/\",\"keys\":{\"p256dh\":\"x\",\"auth\":\"y\"},"
            + "\"enabledEvents\":[\"*\"]}";
    refused(post("subscribe", body), "enabledEvents must be a string");
  }

  @Test
  void whatOnlyCostsMemoryIsNotKept() {
    String tooLong = "keys.p256dh and keys.auth must not be longer than 512 characters";
    refused(subscribe(ENDPOINT, "x".repeat(10_000), "y", "*"), tooLong);
    refused(subscribe(ENDPOINT, "x", "y".repeat(10_000), "*"), tooLong);
    String tooMany = "enabledEvents must not be longer than 1024 characters";
    String events = "agent_error,".repeat(100);
    refused(subscribe(ENDPOINT, "x", "y", events), tooMany);
    refused(put("events", "{\"endpoint\":\"e\",\"enabledEvents\":\"" + events + "\"}"), tooMany);
    caller().get("/api/push/subscriptions").then().body("subscriptions", hasSize(0));
  }

  @Test
  void aTextThatCannotBeStoredIsRefused() {
    subscribe(ENDPOINT, "x", "y", "a\0b").statusCode(400);
    put("events", "{\"endpoint\":\"e\",\"enabledEvents\":\"\\u0000\"}").statusCode(400);
    post("unsubscribe", "{\"endpoint\":\"\\u0000\"}").statusCode(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://push.example.org/",
        "https://sub.localhost/",
        "https://sub.LOCALHOST.:443/",
        "https://127.0.0.1/",
        "https://127.0.0.1./",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0.0.0.0/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://100.100.100.200/",
        "https://168.63.129.16/",
        "https://192.0.0.192/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::127.0.0.1]/",
        "https://[fd00::1]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2001::1]/",
        "https://[2002:7f00:1::]/",
        "https://user:password@push.example.org/",
        "https://push.example.org:0/",
        "https://push.example.org:99999/",
        "https://push.example.org:x/",
        "not a url",
        "https:///nothing",
        "https:",
        "ftp://push.example.org/"
      })
  void endpointsInsideTheHouseAreRefused(String endpoint) {
    refused(subscribe(endpoint, "key", "secret", "*"), REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://push.example.org",
        "HTTPS://push.example.org:8443/a?b=c",
        "https://192.0.2.7/",
        "https://172.32.0.1/",
        "https://[2a00:1450:4001::1]/",
        "https://0x.example/",
        "https://push.example.org./"
      })
  void endpointsOfTheWorldAreTaken(String endpoint) {
    subscribe(endpoint, "key", "secret", "*").statusCode(200);
  }

  @Test
  void anEndpointOfTenKilobytesIsRefused() {
    refused(subscribe("https://push.example.org/" + "x".repeat(10_000), "x", "y", "*"), REFUSED);
  }

  private ValidatableResponse post(String call, String body) {
    return caller().body(body).post("/api/push/" + call).then();
  }

  private ValidatableResponse put(String call, String body) {
    return caller().body(body).put("/api/push/" + call).then();
  }

  private static void refused(ValidatableResponse answer, String text) {
    answer.statusCode(400).body("error", equalTo(text)).body("code", equalTo("invalid_request"));
  }
}
