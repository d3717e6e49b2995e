# shellcheck shell=sh disable=SC2034
# Sourced by the other scripts: how they fail, which Java they run, whether the jar is current, and where its
# class archive is.

# fail WHAT WHY TRY: the three lines of every error. Code 2: the machine has to be set up differently.
fail() {
    printf 'kstage: %s\n  why: %s\n  try: %s\n' "$1" "$2" "$3" >&2
    exit 2
}

# find_java: sets java, java_home, version and feature (17 of 17.0.15), or fails.
find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "no Java at JAVA_HOME" "$java is not there" "set JAVA_HOME to a JDK 17 or newer"
    else
        java=$(command -v java) || fail "no Java" "neither JAVA_HOME nor PATH has one" "install a JDK 17 or newer"
    fi
    java_home=$(dirname "$(dirname "$(readlink -f "$java" 2>/dev/null || echo "$java")")")
    version=
    if [ -r "$java_home/release" ]; then
        while IFS= read -r line; do
            case $line in JAVA_VERSION=*) version=${line#*\"} version=${version%%\"*} ;; esac
        done <"$java_home/release"
    fi
    if [ -z "$version" ]; then
        # What PATH has may be the script of a version manager; the JVM knows where it lives.
        settings=$("$java" -XshowSettings:properties -version 2>&1)
        version=$(echo "$settings" | sed -n 's/^ *java\.version = //p')
        home=$(echo "$settings" | sed -n 's/^ *java\.home = //p')
        [ ! -x "$home/bin/java" ] || java_home=$home java=$home/bin/java
    fi
    feature=${version%%[.+-]*}
    case $feature in
        '' | *[!0-9]*) fail "can't tell the version of $java" "it says \"$version\"" "set JAVA_HOME to a JDK 17 or newer" ;;
    esac
    [ "$feature" -ge 17 ] || fail "this Java is too old" "$java is version $version" "install a JDK 17 or newer, or set JAVA_HOME to one"
}

# find_jdk: find_java, for those who compile. It is what Maven will use too.
find_jdk() {
    find_java
    [ -x "$java_home/bin/javac" ] ||
        fail "this Java can't compile" "$java_home has no javac: it only runs programs" "install a JDK 17 or newer, or set JAVA_HOME to one"
    export JAVA_HOME="$java_home"
}

# jar_is_current ROOT: whether the checkout at ROOT has a jar that is newer than its sources.
jar_is_current() {
    [ -f "$1/target/kstage.jar" ] &&
        [ -z "$(find "$1/src/main" "$1/compose" "$1/pom.xml" -newer "$1/target/kstage.jar" -print -quit)" ]
}

# size_of FILE, time_and_size_of FILE: by stat of GNU, or else of BSD and macOS.
size_of() {
    stat -L -c %s "$1" 2>/dev/null || stat -L -f %z "$1" 2>/dev/null
}

time_and_size_of() {
    stat -L -c %s.%Y "$1" 2>/dev/null || stat -L -f %z.%m "$1" 2>/dev/null
}

# find_archive JAR, after find_java: sets archive to the class archive to use, or to nothing if there is none
# yet, and archive_name to its path without the last part, or to nothing where there can be none. It is
# known by the size and time of the jar and of the JDK's classes, and by the jar's path, since the JVM refuses
# one that was made with another. The last part is its size: the JVM crashes on one that was cut off.
find_archive() {
    archive='' archive_name=''
    cache=${XDG_CACHE_HOME:-}
    case $cache in /*) ;; *) cache=${HOME:+$HOME/.cache} ;; esac
    # A colon separates two archives in the JVM's option.
    case $cache in '' | *:*) return 0 ;; esac
    key=$(printf %s "$1" | cksum)
    key=$version-${key%% *}
    for file in "$1" "$java_home/lib/modules"; do
        [ -r "$file" ] || return 0
        key=$key-$(time_and_size_of "$file") || return 0
    done
    # What another user has put there, or could have, is never loaded.
    [ ! -L "$cache/kstage" ] && { [ ! -e "$cache/kstage" ] || [ -O "$cache/kstage" ]; } || return 0
    archive_name=$cache/kstage/classes-$key
    for file in "$archive_name".[0-9]*; do
        [ ! -f "$file" ] || [ -L "$file" ] || [ ! -O "$file" ] || [ "$(size_of "$file")" != "${file##*.}" ] || archive=$file
    done
}
