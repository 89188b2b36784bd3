# Reads "+ PID" and "- PID" until its input closes, then ends what is left. See keeper.ts.
trap '' HUP INT TERM
pids=''
while read -r sign pid; do
  left=''
  for each in $pids; do [ "$each" = "$pid" ] || left="$left $each"; done
  pids=$left
  [ "$sign" = '+' ] && pids="$pids $pid"
done
[ -n "$pids" ] || exit 0
kill -TERM $pids 2>/dev/null
tries=0
while [ $tries -lt 30 ]; do
  alive=''
  for each in $pids; do kill -0 "$each" 2>/dev/null && alive="$alive $each"; done
  [ -n "$alive" ] || exit 0
  sleep 0.1
  tries=$((tries + 1))
done
kill -KILL $pids 2>/dev/null
exit 0
