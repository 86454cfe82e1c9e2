#!/usr/bin/env bash
# Leaves a job for trainyard with nothing but bash: leave_job.sh ID DIR [ROOT]. No TLS; where that is wanted, take
# the `nats` program. ID: letters, digits, - or _. DIR and ROOT must not hold " or \.
set -euo pipefail

id=$1 dir=$2 root=${3-}
server=${TRAINYARD_NATS:-nats://127.0.0.1:4222}
server=${server#nats://} server=${server%%,*}
login=
[ -z "${TRAINYARD_NATS_USER-}" ] || login="\"user\":\"$TRAINYARD_NATS_USER\",\"pass\":\"${TRAINYARD_NATS_PASSWORD-}\","
inbox=${TRAINYARD_NATS_INBOX_PREFIX:-_INBOX}.$$-$RANDOM
spec="{\"schema\":1,\"training_directory\":\"$dir\"${root:+,\"root\":\"$root\"}}"
bytes=$(printf %s "$spec" | wc -c)

exec 3<>"/dev/tcp/${server%%:*}/${server##*:}"
printf 'CONNECT {%s"verbose":false,"headers":true,"no_responders":true}\r\nSUB %s 1\r\nPUB trainyard.jobs.%s %s %d\r\n%s\r\n' \
  "$login" "$inbox" "$id" "$inbox" "$bytes" "$spec" >&3

# The job is stored when JetStream says so, and only then.
while IFS= read -r -t 5 line <&3; do
  case $line in
    PING*) printf 'PONG\r\n' >&3 ;;
    -ERR*) echo "the server refuses: ${line%$'\r'}" >&2 && exit 1 ;;
    HMSG*) echo "no stream TRAINYARD_JOBS is there yet: start a coordinator once" >&2 && exit 1 ;;
    *'"error"'*) echo "not stored: ${line%$'\r'}" >&2 && exit 1 ;;
    *'"seq"'*) echo "$id" && exit 0 ;;
  esac
done
echo "no answer from $server" >&2
exit 1
