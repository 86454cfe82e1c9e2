# What the scripts of ops/ share: where things are, how they speak, how they configure and build. Bash 3.2.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/build/venv
noticer=

say() { printf '%s\n' "$*" >&2; }

# die WHAT WHY REMEDY: the one way in which a script of ops/ gives up.
die() {
  say "error: $1: $2"
  say "  $3"
  exit 1
}

stop_notice() {
  [ -z "$noticer" ] || kill "$noticer" 2>/dev/null || true
  noticer=
}
trap stop_notice EXIT

# quietly SENTENCE LOG COMMAND...: output goes to LOG; says so only when it takes long. Returns COMMAND's status.
quietly() {
  local sentence=$1 log=$2 status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  # The sleeps hold none of our streams, so that a reader of our output never waits for one that is left over.
  (
    sleep 3 >/dev/null 2>&1
    say "$sentence (log: $log)"
    while sleep 60 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do say "still $sentence"; done
  ) &
  noticer=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  stop_notice
  wait 2>/dev/null || true
  return "$status"
}

# Cores, but no more compilers than memory holds: one with torch's headers takes about 1.5 GB.
build_jobs() {
  local cores kib fit
  if [ "$(uname)" = Darwin ]; then
    cores=$(sysctl -n hw.ncpu)
    kib=$(($(sysctl -n hw.memsize) / 1024))
  else
    cores=$(nproc)
    kib=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
  fi
  fit=$((kib / 1572864))
  [ "$fit" -ge 1 ] || fit=1
  if [ "$cores" -lt "$fit" ]; then echo "$cores"; else echo "$fit"; fi
}

homebrew_prefix() {
  local brew
  brew=$(command -v brew) && (cd "$(dirname "$brew")/.." && pwd)
}

# configure PRESET: only when there is no build tree, or when set-up or the checkout's place changed since.
configure() {
  local tree=$root/build/$1 log=$root/build/$1-configure.log extra=() prefix
  if [ -f "$tree/build.ninja" ] && ! [ "$venv/.trainyard-setup" -nt "$tree/build.ninja" ] &&
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$tree/CMakeCache.txt"; then
    return 0
  fi
  if [ "$(uname)" = Darwin ] && prefix=$(homebrew_prefix); then
    extra=("-DCMAKE_PREFIX_PATH=$prefix" "-DOPENSSL_ROOT_DIR=$prefix/opt/openssl@3")
  fi
  quietly "configuring $1" "$log" cmake --fresh -S "$root" --preset "$1" ${extra[@]+"${extra[@]}"} || {
    tail -n 30 "$log" >&2
    die "cannot configure preset $1" "cmake failed (above)" "the whole log is $log"
  }
  touch "$tree/build.ninja"
}

# build PRESET TARGET...
build() {
  local preset=$1 log=$root/build/$1-build.log
  shift
  quietly "building $*; the first time takes some minutes" "$log" \
    cmake --build "$root/build/$preset" -j "$(build_jobs)" --target "$@" || {
    tail -n 40 "$log" >&2
    die "cannot build $*" "the build failed (above)" "the whole log is $log"
  }
}
