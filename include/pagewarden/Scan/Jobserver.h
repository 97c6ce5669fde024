//===- Jobserver.h - How many jobs make lets run ----------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// GNU make's jobserver, from a job's side: one job runs for nothing, each
/// further one needs a token, a byte that is read from a pipe and written back
/// (info make, "POSIX Jobserver").
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_JOBSERVER_H
#define PAGEWARDEN_SCAN_JOBSERVER_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace pagewarden::scan {

class Jobserver {
public:
  /// No jobserver.
  Jobserver() = default;
  /// The one that \p MakeFlags, make's variable of that name, speaks of; none
  /// when it speaks of none or make has closed its pipe (a recipe that does
  /// not begin with '+').
  explicit Jobserver(llvm::StringRef MakeFlags);
  /// Gives all tokens back.
  ~Jobserver();
  Jobserver(const Jobserver &) = delete;
  Jobserver &operator=(const Jobserver &) = delete;

  bool isThere() const { return From >= 0; }
  /// Readable when there may be a token; -1 without a jobserver.
  int descriptor() const { return From; }

  /// Takes a token if there is one; never waits.
  bool take();
  /// Gives one of those back that were taken.
  void giveBack();
  /// Tokens at hand.
  size_t held() const { return Tokens.size(); }
  /// Forgets them: a forked process has none of its own.
  void forget() { Tokens.clear(); }

private:
  int From = -1, To = -1;
  std::string Tokens;
};

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_JOBSERVER_H
