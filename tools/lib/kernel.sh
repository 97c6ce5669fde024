# shellcheck shell=bash
# Debian's Linux, 6.12 or another series, unpacked and configured for clang in
# the user's cache:
#
#   <cache>/linux-6.12/linux   source
#   <cache>/linux-6.12/out     build folder, with compile_commands.json
#
# Each stage leaves a stamp when it is whole, and only then; a stage without
# its stamp is done again.  The stamp holds what the stage was made from.

# use_kernel SERIES: what the functions below work on.
use_kernel() {
  [[ $1 =~ ^[0-9]+\.[0-9]+$ ]] || die "'$1' is no series of Linux; 6.12 is one"
  KERNEL_PACKAGE=linux-source-$1
  KERNEL_TREE="$CACHE/linux-$1"
}
use_kernel 6.12

kernel_version() { dpkg-query -W -f '${Version}' "$KERNEL_PACKAGE"; }

is_stamped() { # STAGE TEXT
  [[ -f $KERNEL_TREE/.$1 && $(<"$KERNEL_TREE/.$1") == "$2" ]]
}

stamp() { # STAGE TEXT
  printf '%s\n' "$2" >"$KERNEL_TREE/.$1.new"
  mv "$KERNEL_TREE/.$1.new" "$KERNEL_TREE/.$1"
}

# kernel_is_ready: everything is there, compile commands too.
kernel_is_ready() {
  is_stamped ready "$(kernel_version)" &&
    [[ -s $KERNEL_TREE/out/compile_commands.json ]]
}

# prepare_kernel LLVM: source and configuration; no compile commands yet.
prepare_kernel() {
  local llvm=$1 version
  [[ $KERNEL_TREE != *[[:space:]:]* ]] ||
    die "kbuild cannot work in '$KERNEL_TREE': set XDG_CACHE_HOME to a" \
      "folder without spaces and colons in its path"
  mkdir -p "$KERNEL_TREE"
  # Two runs at a time would trip over each other; the second waits.
  exec 9>"$KERNEL_TREE/.lock"
  flock 9
  version=$(kernel_version)
  if ! is_stamped unpacked "$version"; then
    unpack_kernel
    stamp unpacked "$version"
  fi
  if ! is_stamped configured "$version"; then
    configure_kernel "$llvm"
    stamp configured "$version"
  fi
  flock -u 9
}

unpack_kernel() {
  rm -rf "$KERNEL_TREE/linux" "$KERNEL_TREE/out" "$KERNEL_TREE/unpack" \
    "$KERNEL_TREE/.configured" "$KERNEL_TREE/.ready"
  mkdir -p "$KERNEL_TREE/unpack"
  echo "unpacking /usr/src/$KERNEL_PACKAGE.tar.xz"
  tar -C "$KERNEL_TREE/unpack" -xf "/usr/src/$KERNEL_PACKAGE.tar.xz"
  mv "$KERNEL_TREE/unpack/$KERNEL_PACKAGE" "$KERNEL_TREE/linux"
  rmdir "$KERNEL_TREE/unpack"
}

configure_kernel() { # LLVM
  local out="$KERNEL_TREE/out"
  local make=(make -s -C "$KERNEL_TREE/linux" "O=$out" "LLVM=-$1")
  rm -rf "$out" "$KERNEL_TREE/.ready"
  mkdir -p "$out"
  echo "allmodconfig"
  "${make[@]}" allmodconfig
  # Off: what only slows a scan down, or needs tools that are not there.
  "$KERNEL_TREE/linux/scripts/config" --file "$out/.config" \
    -d KASAN -d UBSAN -d KCSAN -d KCOV -d GCOV_KERNEL \
    -d DEBUG_INFO_BTF -d DEBUG_INFO_DWARF5 -e DEBUG_INFO_NONE \
    -d MODULE_SIG -d SYSTEM_TRUSTED_KEYRING -d WERROR -d RUST
  "${make[@]}" olddefconfig
  echo "generated headers and host tools"
  make -C "$KERNEL_TREE/linux" "O=$out" "LLVM=-$1" "-j$CORES" \
    prepare modules_prepare
}

# kernel_commands: the compile commands, by pagewarden itself.
kernel_commands() {
  rm -f "$KERNEL_TREE/.ready"
  "$BUILD/bin/pagewarden" compdb "$KERNEL_TREE/out"
  [[ -s $KERNEL_TREE/out/compile_commands.json ]]
  stamp ready "$(kernel_version)"
}
