# What each target is built from, and whether anything of it changed since its stamp (artifacts/stamps/TARGET, dated when the
# build that made it began). Directories count too: removing a file changes only its directory's date. Sourced by ./parley; it
# runs on every call, so it starts one process per target and no more.

build_files=(Directory.Build.props Directory.Build.targets Directory.Packages.props global.json nuget.config .editorconfig
  eng/BannedSymbols.txt spec/parley.proto)

# Usage: sources_of TARGET; sets `sources` to existing paths below the root, `but` to folders that do not count.
sources_of() {
  but=node_modules
  case $1 in
    cli) sources=(src "${build_files[@]}") but=Parley.Engine.Browser ;;
    engine) sources=(src/Parley.Engine.Browser src/Parley.Engine src/Parley.Mls src/Parley.Protocol "${build_files[@]}") ;;
    modules) sources=(web/package-lock.json) ;;
    web) sources=(web/src web/public web/index.html web/package.json web/package-lock.json web/*.ts web/tsconfig*.json) ;;
    relay) sources=(bench/relay src/Parley.Server src/Parley.MessageLog src/Parley.Protocol "${build_files[@]}") ;;
    simulator) sources=(src tests/Parley.Simulator tests/Directory.Build.props "${build_files[@]}") but=Parley.Engine.Browser ;;
    *) sources=() ;;
  esac
}

# Usage: is_stale TARGET. `app` is what ./parley execs: the command line with the web pages beside it.
is_stale() {
  local target=$1 sources but existing=() path
  if [ "$target" = app ]; then
    is_stale cli || is_stale web || is_stale engine || is_stale modules || [ ! -s "$stamps/app" ] || [ ! -x "$root/artifacts/app/$(<"$stamps/app")/parley" ]
    return
  fi
  applies "$target" || return 1
  [ -e "$stamps/$target" ] || return 0
  cd "$root"
  sources_of "$target"
  for path in "${sources[@]}"; do [ -e "$path" ] && existing+=("$path"); done
  cd "$OLDPWD"
  [ -n "$(cd "$root" && find "${existing[@]}" -name "$but" -prune -o -newer "$stamps/$target" -print -quit)" ]
}

# Usage: applies TARGET; false for a part of the house that is not there.
applies() {
  case $1 in
    engine) [ -d "$root/src/Parley.Engine.Browser" ] ;;
    modules | web) [ -f "$root/web/package.json" ] ;;
    simulator) [ -d "$root/tests/Parley.Simulator" ] || { echo 'parley: there is no tests/Parley.Simulator in this tree.' >&2; exit 1; } ;;
  esac
}
