//===- KernelUnit.cpp - The Kernel room without a command around it -------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// kernel-unit FILE [SYMBOL | --arch TRIPLE]...   what a Module.symvers says
/// kernel-unit --licenses                         0 when all are judged right
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/Symvers.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace pagewarden::kernel;

namespace {

struct License {
  StringRef Text;
  bool Compatible;
};

int checkLicenses() {
  static const License Licenses[] = {
      {"GPL", true},
      {"GPL v2", true},
      {"GPL and additional rights", true},
      {"Dual BSD/GPL", true},
      {"Dual MIT/GPL", true},
      {"Dual MPL/GPL", true},
      {StringRef("GPL\0for files in x; others proprietary", 38), true},
      {StringRef("Proprietary\0GPL", 15), false},
      {"Proprietary", false},
      {"", false},
      {"gpl", false},
      {"GPL ", false},
      {"GPLv2", false},
      {"GPL v3", false},
      {"BSD", false},
      {"MIT", false},
  };
  int Wrong = 0;
  for (const License &L : Licenses)
    if (isGplCompatible(L.Text) != L.Compatible) {
      errs() << "judged wrong: '" << L.Text << "'\n";
      Wrong = 1;
    }
  return Wrong;
}

void printSymbol(const Symvers &S, StringRef Name) {
  const Export *E = S.find(Name);
  if (!E) {
    outs() << Name << " is not exported\n";
    return;
  }
  outs() << Name << ' ' << E->Module << " '" << E->Namespace << "' "
         << (E->GplOnly ? "gpl" : "any") << '\n';
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  if (StringRef(argv[1]) == "--licenses")
    return checkLicenses();
  Expected<Symvers> S = Symvers::load(argv[1]);
  if (!S) {
    errs() << toString(S.takeError()) << '\n';
    return 2;
  }
  outs() << S->size() << " exports\n";
  for (int I = 2; I < argc; ++I) {
    if (StringRef(argv[I]) == "--arch" && I + 1 < argc) {
      const StringRef Triple = argv[++I];
      outs() << Triple << ": "
             << architectureMismatch(*S, Triple).value_or("fits") << '\n';
      continue;
    }
    printSymbol(*S, argv[I]);
  }
  return 0;
}
