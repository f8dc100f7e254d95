# Stops a test server that nobody has wanted for a while.
# $1 the server's process, $2 the lease file, $3 the server's own pid file, $4 minutes of patience,
# $5 seconds between looks.
while [ "$(head -n 1 "$3" 2>/dev/null)" = "$1" ] && kill -0 "$1" 2>/dev/null; do
    sleep "$5"
    # Empty also when the file is gone, with the whole project perhaps: stop then, too.
    if [ -z "$(find "$2" -mmin "-$4" 2>/dev/null)" ]; then
        kill -s INT "$1"
        # Whoever starts us in the background may have had SIGINT ignored, for good and for all below.
        sleep "$5"
        kill -s TERM "$1" 2>/dev/null
        exit 0
    fi
done
