# shellcheck shell=bash
# Steps with numbers, and long commands that are never silent: output goes to
# a log, and every few seconds a line says how long it has been and how far the
# log has come.

STEP=0
STEPS=0
STARTED=$SECONDS
TICK=8 # seconds between two lines, where the output is no terminal

step() {
  STEP=$((STEP + 1))
  printf '\n[%d/%d] %s (after %s)\n' "$STEP" "$STEPS" "$*" \
    "$(duration $((SECONDS - STARTED)))"
}

duration() {
  if (($1 < 60)); then
    printf '%d s' "$1"
  else
    printf '%d min %02d s' $(($1 / 60)) $(($1 % 60))
  fi
}

TASK_PIDS=()
TASK_NAMES=()
TASK_LOGS=()

end_tasks() {
  local pid
  for pid in "${TASK_PIDS[@]}"; do
    kill -- "-$pid" 2>/dev/null || true
  done
}
trap end_tasks EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start_task NAME COMMAND...: runs it beside what follows.  NAME, with
# underscores for spaces, names the log.
start_task() {
  local name=$1 log
  log="${LOGS:?}/${1// /_}.log"
  shift
  mkdir -p "$LOGS"
  # A process group of its own, to end it whole on an interrupt.
  set -m
  (
    set -e
    trap - EXIT INT TERM
    "$@"
  ) </dev/null >"$log" 2>&1 &
  TASK_PIDS+=($!)
  set +m
  TASK_NAMES+=("$name")
  TASK_LOGS+=("$log")
}

# The last "[12/50]" or "12 of 50" of a log, or else its last line.
how_far() {
  local tail number
  tail=$(tail -c 4000 "$1" 2>/dev/null | tr '\r' '\n' | tr -cd '[:print:]\n') ||
    true
  number=$(grep -oE '\[[0-9]+/[0-9]+\]|[0-9]+ of [0-9]+' <<<"$tail" |
    tail -n 1) || true
  if [[ -z $number ]]; then
    number=$(grep -vE '^[[:space:]]*$' <<<"$tail" | tail -n 1) || true
  fi
  printf '%.64s' "$number"
}

# wait_tasks: waits for all that were started.  A task that fails is shown
# with the end of its log; returns 1 when there was one.
wait_tasks() {
  local begin=$SECONDS next=$((SECONDS + TICK)) failed=0 status i left
  while ((${#TASK_PIDS[@]} > 0)); do
    left=()
    for i in "${!TASK_PIDS[@]}"; do
      if kill -0 "${TASK_PIDS[i]}" 2>/dev/null; then
        left+=("$i")
        continue
      fi
      status=0
      wait "${TASK_PIDS[i]}" || status=$?
      task_ended "$i" "$status" $((SECONDS - begin)) || failed=1
    done
    keep_tasks "${left[@]}"
    if ((${#TASK_PIDS[@]} == 0)); then
      break
    fi
    if ((SECONDS >= next)); then
      next=$((SECONDS + TICK))
      for i in "${!TASK_PIDS[@]}"; do
        printf '      %s: %s  %s\n' "${TASK_NAMES[i]}" \
          "$(duration $((SECONDS - begin)))" "$(how_far "${TASK_LOGS[i]}")"
      done
    fi
    sleep 0.5
  done
  return "$failed"
}

task_ended() {
  if (($2 == 0)); then
    printf '      %s: done after %s\n' "${TASK_NAMES[$1]}" "$(duration "$3")"
    return 0
  fi
  {
    printf '      %s: FAILED with status %d; the end of its log:\n' \
      "${TASK_NAMES[$1]}" "$2"
    tail -n 30 "${TASK_LOGS[$1]}" | sed 's/^/    | /'
    printf '      the whole log: %s\n' "${TASK_LOGS[$1]}"
  } >&2
  return 1
}

keep_tasks() {
  local pids=() names=() logs=() i
  for i in "$@"; do
    pids+=("${TASK_PIDS[i]}")
    names+=("${TASK_NAMES[i]}")
    logs+=("${TASK_LOGS[i]}")
  done
  TASK_PIDS=("${pids[@]}")
  TASK_NAMES=("${names[@]}")
  TASK_LOGS=("${logs[@]}")
}

# run NAME COMMAND...: one task, waited for.
run() {
  start_task "$@"
  wait_tasks
}
