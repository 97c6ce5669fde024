# shellcheck shell=bash
# Debian's packages: which are needed, which are missing, and getting them.

packages_to_build() { # LLVM...
  local v
  echo g++ cmake ninja-build python3 libsqlite3-dev
  for v in "$@"; do
    # libclang-cppN-dev has nothing but the name by which the linker finds it.
    echo "clang-$v" "llvm-$v-dev" "libclang-$v-dev" "libclang-cpp$v-dev"
  done
}

packages_to_check() { # LLVM...
  local v
  packages_to_build "$@"
  echo ccache clang-format-19 clang-tidy-22 make python3-psutil diffutils
  # lit is in 19's tools, and serves the runs of all versions.
  echo llvm-19-tools
  for v in "$@"; do
    echo "llvm-$v-tools" "clang-tools-$v" "lld-$v"
  done
}

packages_for_kernel() { # LLVM
  echo make flex bison bc libelf-dev libssl-dev kmod cpio rsync patch xz-utils
  echo "clang-$1" "lld-$1" "llvm-$1"
}

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Debian 12 and later, testing and unstable (which name no version).
is_debian() {
  [[ -r /etc/os-release ]] || return 1
  (
    # shellcheck source=/dev/null
    . /etc/os-release
    [[ ${ID:-} == debian && ${VERSION_ID:-99} -ge 12 ]]
  )
}

# ensure_packages NAME...: installs those that are missing.
ensure_packages() {
  local missing=() name as_root=()
  if [[ -n ${PAGEWARDEN_NO_PACKAGES:-} ]]; then
    echo "      packages: left alone, as PAGEWARDEN_NO_PACKAGES is set"
    return
  fi
  if ! is_debian || ! have dpkg-query; then
    printf '%s\n' "This is not Debian 12 or later.  Please install what these" \
      "packages of Debian's have, and run this again with" \
      "PAGEWARDEN_NO_PACKAGES=1 in the environment:" "  $*" >&2
    exit 2
  fi
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  if ((${#missing[@]} == 0)); then
    echo "      nothing to install"
    return
  fi
  echo "      to install: ${missing[*]}"
  if ((EUID != 0)); then
    have sudo ||
      die "not root, and no sudo; as root: apt-get install ${missing[*]}"
    # Ask here, where there is a terminal, not from behind a log.
    sudo -v || die "no rights to install; as root: apt-get install ${missing[*]}"
    as_root=(sudo -n)
  fi
  run "package lists" "${as_root[@]}" apt-get -q update ||
    die "apt-get update failed"
  for name in "${missing[@]}"; do
    apt-cache show "$name" >/dev/null 2>&1 ||
      die "no package $name in this machine's sources for apt" \
        "(bookworm has it in bookworm or bookworm-security, section main)"
  done
  run "packages" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
    "${missing[@]}" || die "apt-get install failed"
}
