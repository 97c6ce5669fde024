# shellcheck shell=bash
# What quickstart and check share: where things are, how they end.  To be
# sourced; the script that does so has set TOP to the top of the source tree.

: "${TOP:?to be sourced by a script that sets TOP}"
BUILD="$TOP/build"
LOGS="$BUILD/logs"
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/pagewarden"
CORES=$(nproc)
export CACHE CORES LOGS

# Could not be done as asked: status 2, as with pagewarden itself.
die() {
  printf '%s: error: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

have() { command -v "$1" >/dev/null 2>&1; }

# The supported LLVMs, oldest first, from the one list of them.
supported_llvms() {
  sed -n 's/^set(PAGEWARDEN_SUPPORTED_LLVM \(.*\))$/\1/p' \
    "$TOP/cmake/SupportedLLVM.cmake"
}

is_supported_llvm() {
  case " $(supported_llvms) " in
  *" $1 "*) return 0 ;;
  esac
  return 1
}
