# Runs a database server for as long as standard input stays open.
#
#   sh supervisor.sh FOLDER REMOVE STOP
#
# Whoever started us holds the other end of standard input. However that process ends, killed or not, standard input
# ends with it; then the server gets the signal STOP, and FOLDER is removed when REMOVE is "yes". Until then every line
# is a wish, its words separated by tabs:
#
#   start COMMAND…   starts the server, unless it runs; what it says goes to FOLDER/log
#   signal NAME      sends the server a signal
#   alive            answers "yes" or "no" on standard output
folder=$1 remove=$2 stop=$3
server=

# A server that ended is a zombie until somebody waits for it. The shell does that when a command of its own ends.
alive() {
  sleep 0.02
  [ -n "$server" ] && kill -0 "$server" 2>/dev/null
}

IFS=$(printf '\t')
set -f
while read -r wish words; do
  case $wish in
    start)
      # One server at a time: a second one would be forgotten.
      if ! alive; then
        # shellcheck disable=SC2086 # The words of the command are separated by tabs.
        $words </dev/null >>"$folder/log" 2>&1 &
        server=$!
      fi
      ;;
    signal) kill -s "$words" "$server" 2>/dev/null ;;
    alive) if alive; then echo yes; else echo no; fi ;;
  esac
done

if alive; then
  kill -s "$stop" "$server"
  # Half a minute, then without asking.
  looks=0
  while alive && [ "$looks" -lt 1500 ]; do looks=$((looks + 1)); done
  if alive; then kill -s KILL "$server"; fi
  wait "$server"
fi
if [ "$remove" = yes ]; then rm -rf "$folder"; fi
