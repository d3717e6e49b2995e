# shellcheck shell=bash disable=SC2154
# Sourced by the tests of scripts: what their cases use, and how the cases are run. Needs $work, a directory.

# until_true SECONDS COMMAND...: polls, with a limit.
until_true() {
    local limit=$((SECONDS + $1))
    shift
    until "$@" >/dev/null; do
        [ "$SECONDS" -lt "$limit" ] || { echo "still not true: $*" && return 1; }
        sleep 0.1
    done
}

same() {
    [ "$1" = "$2" ] || {
        printf 'expected:\n%s\nbut it is:\n%s\n' "$1" "$2"
        return 1
    }
}

# fails_with CODE TEXT COMMAND...: exactly that code, and exactly that text on standard error.
fails_with() {
    local code=0 text
    text=$("${@:3}" 2>&1 >/dev/null) || code=$?
    same "$1" "$code"
    same "$2" "$text"
}

skip() {
    echo "$*"
    exit 99
}

# run_cases NAME SECTION REPORTS: runs the functions of the script that calls it, from the comment "- SECTION" on to the
# comment "- run", each by itself; those named with_... are parts of others. Prints "N passed, N failed, N skipped"
# last, and writes a JUnit report to the directory REPORTS, if that is not empty.
run_cases() {
    local passed=0 failed=0 skipped=0 cases='' names name start outcome detail
    # In the order in which they are written.
    mapfile -t names < <(sed -n "/^# -* $2\$/,/^# -* run\$/"'s/^\([a-z]*_[a-z_]*\)() {$/\1/p' "${BASH_SOURCE[1]}")
    for name in "${names[@]}"; do
        case $name in with_*) continue ;; esac
        start=$SECONDS
        (
            trap - EXIT INT TERM HUP
            set -e
            "$name"
        ) >"$work/log" 2>&1 </dev/null
        case $? in
            0) passed=$((passed + 1)) outcome=passed detail= ;;
            99)
                skipped=$((skipped + 1)) outcome=skipped
                detail="<skipped message=\"$(tail -n 1 "$work/log")\"/>"
                ;;
            *)
                failed=$((failed + 1)) outcome=FAILED
                detail="<failure message=\"$(sed 's/&/\&amp;/g; s/</\&lt;/g; s/"/\&quot;/g' "$work/log")\"/>"
                ;;
        esac
        printf '%-8s%s (%d s)\n' "$outcome" "${name//_/ }" $((SECONDS - start))
        [ "$outcome" = passed ] || sed 's/^/        /' "$work/log"
        cases+="  <testcase classname=\"scripts.test-$1\" name=\"$name\" time=\"$((SECONDS - start))\">$detail</testcase>"$'\n'
    done
    if [ -n "$3" ]; then
        mkdir -p "$3" && printf '<testsuite name="%s" tests="%d" errors="0" skipped="%d" failures="%d">\n%s</testsuite>\n' \
            "scripts.test-$1" $((passed + failed + skipped)) "$skipped" "$failed" "$cases" >"$3/TEST-$1.xml"
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
