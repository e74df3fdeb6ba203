#!/bin/sh
# Takes the pages out of a web UI's image, and writes a content policy that allows the scripts within its first page by
# their hashes, and tunnels with a host of their own in frames.
set -eu
from=$1 pages=$2 policy=$3
cp -R "$from"/. "$pages"/
inline=$(mktemp -d)
awk -v folder="$inline" 'BEGIN { RS = "</script>" }
  match($0, /<script[^>]*>/) && substr($0, RSTART, RLENGTH) !~ /src=/ {
    printf "%s", substr($0, RSTART + RLENGTH) > (folder "/" NR)
  }' "$pages/index.html"
scripts="'self' 'wasm-unsafe-eval'"
for script in "$inline"/*; do
  [ -f "$script" ] || continue
  hash=$(sha256sum "$script" | cut -c 1-64 | xxd -r -p | base64)
  scripts="$scripts 'sha256-$hash'"
done
frames="'self'"
domain=${RELAY_TUNNEL_DOMAIN:-${PIZZAPI_TUNNEL_DOMAIN:-}}
if [ -n "$domain" ]; then
  case $domain in
    *://*) ;;
    localhost | localhost:* | *.localhost | *.localhost:*) domain=http://$domain ;;
    *) domain=https://$domain ;;
  esac
  frames="$frames ${domain%%://*}://*.${domain#*://}"
fi
cat >"$policy/policy.conf" <<END
add_header Content-Security-Policy "default-src 'self'; script-src $scripts; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self' ws: wss: blob:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-src $frames" always;
END
