# Major versions of LLVM that pagewarden is built and tested with, oldest
# first.  This list is the only place that names them; what differs between
# them is in include/pagewarden/Compat.h.
set(PAGEWARDEN_SUPPORTED_LLVM 19 22)
