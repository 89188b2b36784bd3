# Reads "+ PID", "- PID" and "~ FOLDER" until its input closes. Then ends what is left and removes those folders. See keeper.ts.
trap '' HUP INT TERM
pids=''
while read -r sign what; do
  case $sign in
  '~') set -- "$@" "$what" ;;
  *)
    left=''
    for each in $pids; do [ "$each" = "$what" ] || left="$left $each"; done
    pids=$left
    [ "$sign" = '+' ] && pids="$pids $what"
    ;;
  esac
done

end_children() {
  kill -TERM $pids 2>/dev/null
  tries=0
  while [ $tries -lt 30 ]; do
    alive=''
    for each in $pids; do kill -0 "$each" 2>/dev/null && alive="$alive $each"; done
    [ -n "$alive" ] || return
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -KILL $pids 2>/dev/null
}

# What a child had started may still be writing there for a moment.
remove() {
  tries=0
  while [ -e "$1" ] && [ $tries -lt 30 ]; do
    rm -rf -- "$1" 2>/dev/null
    [ -e "$1" ] && sleep 0.1
    tries=$((tries + 1))
  done
}

[ -n "$pids" ] && end_children
for folder; do remove "$folder"; done
exit 0
