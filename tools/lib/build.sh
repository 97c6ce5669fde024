# shellcheck shell=bash
# Configuring and building pagewarden in build/.

# As ccache's manual asks for with precompiled headers.
export CCACHE_SLOPPINESS=pch_defines,time_macros

# configure FOLDER ARGUMENT...
#
# With clang where it is there: it reads LLVM's headers in half of g++'s time,
# and is there anyway.
configure() {
  local folder=$1 tools=() v
  shift
  if have ccache; then
    tools+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  if [[ ! -f $folder/CMakeCache.txt ]]; then
    for v in $(supported_llvms); do
      if have "clang++-$v"; then
        tools+=("-DCMAKE_CXX_COMPILER=clang++-$v")
        break
      fi
    done
  fi
  cmake -S "$TOP" -B "$folder" -G Ninja "${tools[@]}" "$@"
}

# configure_for LLVM: keeps a build folder that already serves that LLVM.
configure_for() {
  local cache="$BUILD/CMakeCache.txt" only=none
  if [[ -f $cache && -f $BUILD/build.ninja ]]; then
    only=$(sed -n 's/^PAGEWARDEN_ONLY_LLVM:[A-Z]*=//p' "$cache")
  fi
  case ";$only;" in
  ";;" | *";$1;"*) configure "$BUILD" ;;
  *) configure "$BUILD" "-DPAGEWARDEN_ONLY_LLVM=$1" -DPAGEWARDEN_WERROR=OFF ;;
  esac
}

# build_for LLVM...: configured already.
build_for() {
  local v targets=(pagewarden)
  for v in "$@"; do
    targets+=("pagewarden-worker-$v" "pagewarden-plugin-$v")
  done
  ninja -C "$BUILD" "${targets[@]}"
}

configure_and_build_for() {
  configure_for "$1"
  build_for "$1"
}
