# The parts of a run, in order, and how each is run. Test projects are found, not listed. Sourced by eng/test/run.

parts() {
  [ ! -x "$root/eng/lint/run" ] || echo lint
  local project
  for project in "$root"/tests/*.Tests/*.Tests.csproj; do [ ! -e "$project" ] || basename "$project" .csproj; done
  [ ! -d "$root/tests/Parley.Simulator" ] || printf 'simulator\nmutants\n'
  if [ -f "$root/web/package.json" ]; then
    echo web-check
    echo web
    [ ! -d "$root/web/e2e" ] || echo e2e
  fi
}

run_part() {
  case $1 in
    lint) tally lint read_own "$root/eng/lint/run" ;;
    simulator) tally simulator read_own "$root/parley" simulate ;;
    mutants) tally mutants read_own "$root/parley" simulate --mutants ;;
    web-check) has_app "$1" && tally web-check read_own run_web_check ;;
    web) has_app "$1" && tally web read_vitest run_web test ;;
    e2e) has_app "$1" && tally e2e read_playwright run_web e2e ;;
    *) has_app "$1" && has_tests "$1" && run_tests "$1" ;;
  esac
}

# Test projects that start the real executable find it in PARLEY_EXECUTABLE.
run_tests() {
  local arguments=(--no-ansi --progress off --timeout "${PARLEY_TEST_TIMEOUT:-$([ -n "${PARLEY_LONG-}" ] && echo 12h || echo 10m)}")
  [ -n "${PARLEY_LONG-}" ] || arguments+=(--filter-not-trait "Run=long")
  [ -z "$by_name" ] || arguments+=(--filter-method "*$by_name*")
  tally "$1" read_platform "$root/artifacts/bin/$1/release/$1" "${arguments[@]}"
}

run_web() { (cd "$root/web" && NO_COLOR=1 FORCE_COLOR=0 npm run --silent "$1"); }

# Formatter, linter and compiler of the pages: one result, since they report findings and not tests.
run_web_check() {
  if run_web check; then echo '1 passed, 0 failed'; else echo '0 passed, 1 failed'; fi
}

# Builds once what ./parley execs; a part that needs it fails when it cannot be built.
has_app() {
  if [ -z "${app_state-}" ]; then
    app_state=broken
    if [ ! -d "$root/src/Parley.Cli" ]; then
      app_state=built
    elif "$root/parley" --version >/dev/null; then
      app_state=built
      PARLEY_EXECUTABLE=$root/artifacts/app/$(<"$stamps/app")/parley
      export PARLEY_EXECUTABLE TESTINGPLATFORM_TELEMETRY_OPTOUT=1
    fi
  fi
  [ "$app_state" = built ] || { fail "$1" './parley cannot be built'; return 1; }
}

# Builds once all that the solution names, in Release, so that libraries are shared with what ./parley execs.
has_tests() {
  if [ -z "${tests_state-}" ]; then
    tests_state=broken
    say 'building the tests …'
    if (require_build_tools && dotnet_quiet build "$root/Parley.slnx") >&2; then tests_state=built; fi
  fi
  [ "$tests_state" = built ] || { fail "$1" 'the solution does not build'; return 1; }
}
