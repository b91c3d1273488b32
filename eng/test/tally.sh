# Counts what runners report. Each runner's output is shown as it comes and read from a copy afterwards. Sourced by eng/test/run.

passed=0 failed=0 findings=()
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Usage: tally NAME READER COMMAND…
# READER prints "PASSED FAILED" from the runner's output on its stdin. Exit codes count too: a runner that ended badly without
# reporting a failure has died, and one that reported nothing has tested nothing.
tally() {
  local name=$1 reader=$2 output=$results/$1 code good=0 bad=0 started=$SECONDS
  shift 2
  printf '\n== %s ==\n' "$name"
  "$@" 2>&1 | tee "$output"
  code=${PIPESTATUS[0]}
  read -r good bad < <(sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g' "$output" | "$reader")
  if [ -n "$by_name" ] && [ "$code" = 8 ]; then return; fi # no test of that name in this project
  if [ "$code" != 0 ] && [ "${bad:-0}" = 0 ]; then
    findings+=("$name ended with exit code $code and reported no failure: counted as one")
    bad=1
  elif [ $((${good:-0} + ${bad:-0})) = 0 ]; then
    findings+=("$name ran nothing: counted as a failure")
    bad=1
  elif [ "${bad:-0}" != 0 ]; then
    findings+=("$name: $bad failed")
  fi
  passed=$((passed + ${good:-0}))
  failed=$((failed + ${bad:-0}))
  printf -- '-- %s: %s passed, %s failed, %s s\n' "$name" "${good:-0}" "${bad:-0}" $((SECONDS - started))
}

# Usage: fail NAME WHY; for a part that could not even be started.
fail() {
  findings+=("$1: $2")
  failed=$((failed + 1))
}

finish() {
  if [ $((passed + failed)) = 0 ]; then fail 'test' "no test matches '$filter'"; fi
  printf '\n'
  [ ${#findings[@]} = 0 ] || printf '%s\n' "${findings[@]}"
  printf '%s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
  exit
}

# ---- readers, one per kind of runner ----

# Microsoft.Testing.Platform: lines "  failed: 0" and "  succeeded: 1" of its summary.
read_platform() { awk '/^ +succeeded: [0-9]+$/ { good = $2 } /^ +failed: [0-9]+$/ { bad = $2 } END { print good + 0, bad + 0 }'; }

# Our own runners (lint, simulator): their last line "N passed, N failed".
read_own() { awk '/^[0-9]+ passed, [0-9]+ failed$/ { good = $1; bad = $3 } END { print good + 0, bad + 0 }'; }

# Vitest: "Tests  1 failed | 12 passed (13)"; files that did not load show as "Test Files  1 failed".
read_vitest() {
  awk '/^ *Test Files / { files = number("failed") } /^ *Tests / { good = number("passed"); bad = number("failed") }
    END { print good + 0, (bad + 0 > 0 ? bad : files + 0) }
    function number(word,  i) { for (i = 2; i <= NF; i++) if ($i == word) return $(i - 1); return 0 }'
}

# Playwright: lines "  5 passed (3.2s)", "  1 failed", "  1 flaky", "  2 did not run", "  1 interrupted".
read_playwright() {
  awk '/^ +[0-9]+ passed/ { good = $1 } /^ +[0-9]+ (failed|flaky|interrupted|did not run)/ { bad += $1 } END { print good + 0, bad + 0 }'
}
