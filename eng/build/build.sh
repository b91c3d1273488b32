# Builds what is stale. Sourced by ./parley only when something is; one build at a time, the others wait for it and find nothing
# left to do. A stamp is dated before its build begins, so a file saved during the build makes the target stale again.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
. "$root/eng/build/prerequisites.sh"

say() { printf 'parley: %s\n' "$*" >&2; }

# Usage: build TARGET
build() {
  mkdir -p "$stamps"
  local lock
  exec {lock}>"$root/artifacts/.build.lock"
  flock -n "$lock" || { say 'another build is running; waiting for it'; flock "$lock"; }
  # The lock's descriptor must not be inherited by compiler servers, which outlive the build.
  (make "$1") {lock}>&- >&2 || { say 'the build failed (see above)'; exit 1; }
  exec {lock}>&-
}

make() {
  is_stale "$1" || return 0
  require_build_tools || return
  case $1 in
    app) make_step cli && make_step engine && make_step modules && make_step web && assemble ;;
    *) make_step "$1" ;;
  esac
}

make_step() {
  is_stale "$1" || return 0
  local started=$SECONDS began=$stamps/.$1.began
  say "building $1 …"
  touch "$began"
  "make_$1" || return
  mv "$began" "$stamps/$1"
  say "built $1 in $((SECONDS - started)) s"
}

dotnet_quiet() { dotnet "$@" -c Release -nologo -v quiet -clp:ErrorsOnly -tl:off; }

# The folder assembled for ./parley comes from a publish with ReadyToRun (decision 0002): it starts in half the time.
make_cli() { dotnet_quiet publish "$root/src/Parley.Cli"; }

# The engine as WebAssembly; the pages load it by its runtime URL /engine/.
make_engine() {
  local published=$root/artifacts/publish/Parley.Engine.Browser/release/wwwroot/_framework
  # names carry a hash of their content, so an older publish would stay beside the new one
  rm -rf "$published"
  dotnet_quiet publish "$root/src/Parley.Engine.Browser" || return
  [ -d "$published" ] || { say "the engine's publish left no $published"; return 1; }
  if [ -d "$root/web" ]; then
    rm -rf "$root/web/public/engine"
    mkdir -p "$root/web/public"
    cp -r "$published" "$root/web/public/engine"
  fi
}

make_modules() { (cd "$root/web" && npm ci --no-audit --no-fund --loglevel=error); }

make_web() { (cd "$root/web" && npm run build --silent); }

make_relay() { dotnet_quiet build "$root/bench/relay"; }

make_simulator() { dotnet_quiet build "$root/tests/Parley.Simulator" -p:Mutants=true; }

# A new folder for each build, because a running server still loads parts from the one it started in. (Joined by && throughout:
# set -e does not reach into a function whose outcome is asked for.)
assemble() {
  local id app
  id=$(date +%Y%m%d-%H%M%S)-$$
  app=$root/artifacts/app/$id
  mkdir -p "$root/artifacts/app" &&
    cp -r "$root/artifacts/publish/Parley.Cli/release" "$app.part" &&
    add_pages "$app.part/wwwroot" &&
    mv "$app.part" "$app" &&
    echo "$id" >"$stamps/.app.part" &&
    mv "$stamps/.app.part" "$stamps/app" &&
    remove_unused_apps "$id"
}

add_pages() {
  [ -d "$root/web/dist" ] || return 0
  rm -rf "$1" && cp -r "$root/web/dist" "$1"
}

remove_unused_apps() {
  local folder running
  running=$(readlink /proc/[0-9]*/exe 2>/dev/null)
  for folder in "$root"/artifacts/app/*; do
    case $folder in */"$1") continue ;; esac
    grep -qF "$folder/" <<<"$running" || rm -rf "$folder"
  done
}
