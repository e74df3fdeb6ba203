# Sourced by ./mvnw and ./relay: sets JAVA_HOME to the newest installed JDK of at least release 21.
# Fails with one sentence when there is none.

agent_relay_jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

agent_relay_find_jdk() {
  best_home="" best_release=20
  path_java=$(command -v javac 2>/dev/null) && path_java=$(readlink -f "$path_java" 2>/dev/null)
  for home in "${JAVA_HOME:-}" "${path_java%/bin/javac}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] || continue
    release=$(agent_relay_jdk_release "$home") || continue
    if [ -n "$release" ] && [ "$release" -gt "$best_release" ]; then
      best_home=$home best_release=$release
    fi
  done
  if [ -z "$best_home" ]; then
    echo "Agent Relay needs a JDK of release 21 or newer, and none was found: install one (Temurin 25, say) or set JAVA_HOME." >&2
    return 1
  fi
  JAVA_HOME=$best_home
  export JAVA_HOME
}

agent_relay_find_jdk || exit 1
